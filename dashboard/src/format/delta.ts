import { fixed } from './number.ts';

export interface Delta {
  /** Which way the triangle points. */
  up: boolean;
  text: string;
  /** Filled and critical: in the bad direction, and by more than usual. */
  adverse: boolean;
}

/** Within so many standard deviations a difference is ordinary variation and has no tone. */
const ORDINARY = 2;

/** The difference of a value from what is usual; percentages differ in points. Null where it says nothing. */
export function formatDelta(
  value: number | null,
  usual: { mean: number; deviation: number } | null,
  unit: string,
  better: 'higher' | 'lower' | null,
): Delta | null {
  if (value === null || usual === null || (unit !== '%' && usual.mean === 0)) return null;
  const difference = value - usual.mean;
  const size = unit === '%' ? difference : (difference / Math.abs(usual.mean)) * 100;
  const decimals = unit === '%' ? 2 : 1;
  const text = `${fixed(Math.abs(size), decimals)} ${unit === '%' ? 'pp' : '%'}`;
  if (Number(Math.abs(size).toFixed(decimals)) === 0) return { up: true, text, adverse: false };
  const up = difference > 0;
  const bad = better !== null && (better === 'higher') !== up;
  return {
    up,
    text: `${up ? '+' : '−'}${text}`,
    adverse: bad && Math.abs(difference) > ORDINARY * usual.deviation,
  };
}
