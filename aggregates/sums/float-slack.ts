import type { Slack } from '../aggregate.ts';

const sizeOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + Math.abs(x), 0);

/** 2nε·Σ|x| (Higham, Accuracy and Stability of Numerical Algorithms, 4.2); nothing for whole numbers while no sum can reach 2^53. */
export function sumSlack(values: readonly number[]): number {
  const size = sizeOf(values);
  if (size < 2 ** 53 && values.every(Number.isInteger)) return 0;
  return 2 * values.length * Number.EPSILON * size;
}

/**
 * Of count, mean and sum of squared deviations M2. The mean as a sum's. M2 by the condition number of the problem
 * (Chan, Golub, LeVeque 1983): within 8nε·√(M2·Σx²), and its square where M2 is lost in the rounding of the values.
 * A difference of sums of squares would be off by nε·Σx².
 */
export function momentsSlack(values: readonly number[]): Slack['nums'] {
  const n = values.length;
  // The last term of both is for results below the smallest normal double.
  const mean = 2 * n * Number.EPSILON * sizeOf(values) + n * Number.MIN_VALUE;
  const length = Math.hypot(...values);
  const centre = values.reduce((sum, x) => sum + x / n, 0);
  const spread = Math.hypot(...values.map((x) => x - centre));
  const share = 8 * n * Number.EPSILON * length;
  return [mean, share * spread + share * share + n * Number.MIN_VALUE * 8];
}
