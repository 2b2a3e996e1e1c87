import { fixed } from './number.ts';

export interface Delta {
  /** Which way the triangle points. */
  up: boolean;
  text: string;
  /** Filled and critical; only where the metric says which way is good. */
  adverse: boolean;
}

/** The difference between two values of one metric; percentages differ in points. Null where it says nothing. */
export function formatDelta(
  now: number | null,
  then: number | null,
  unit: string,
  better: 'higher' | 'lower' | null,
): Delta | null {
  if (now === null || then === null) return null;
  const difference = now - then;
  if (unit !== '%' && then === 0) return null;
  const size = unit === '%' ? difference : (difference / Math.abs(then)) * 100;
  const decimals = unit === '%' ? 2 : 1;
  const text = `${fixed(Math.abs(size), decimals)} ${unit === '%' ? 'pp' : '%'}`;
  const flat = Number(Math.abs(size).toFixed(decimals)) === 0;
  const up = difference >= 0;
  const adverse = !flat && better !== null && (better === 'higher') !== up;
  return { up, text: flat ? text : `${up ? '+' : '−'}${text}`, adverse };
}
