import { meanOf } from '../charts/mean.ts';
import type { Trace, TraceSet } from '../charts/trace.ts';

/** How a range differs from the one before: the means of their closed windows. */
export interface Comparison {
  /** Null where the range holds no value. */
  now: number | null;
  before: number | null;
  /** Standard error of the difference of the means (Welch): what the windows' own variation explains. */
  error: number;
}

/**
 * Compares the last `count` windows up to `newest` with as many before them. Where values add, means of equally many
 * windows are in the ratio of the totals.
 */
export function compareRanges(data: TraceSet, trace: Trace, newest: number, count: number): Comparison {
  const now = levelOf(data, trace, newest - count + 1, newest);
  const before = levelOf(data, trace, newest - 2 * count + 1, newest - count);
  return {
    now: now.mean,
    before: before.mean,
    error: Math.sqrt(now.variance + before.variance),
  };
}

/** The mean of the windows from `first` to `last`, and the variance of that mean. */
function levelOf(
  data: TraceSet,
  trace: Trace,
  first: number,
  last: number,
): { mean: number | null; variance: number } {
  const values: number[] = [];
  for (let i = Math.max(first, data.first); i <= last; i++) {
    const value = data.value(trace, i);
    if (!Number.isNaN(value)) values.push(value);
  }
  const n = values.length;
  if (n === 0) return { mean: null, variance: 0 };
  const mean = meanOf(values);
  const squares = values.reduce((a, b) => a + (b - mean) ** 2, 0);
  return { mean, variance: n < 2 ? 0 : squares / (n - 1) / n };
}
