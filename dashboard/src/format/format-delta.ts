import type { NumberFormat } from './format-number.ts';

export interface Delta {
  /** Which way the triangle points. */
  up: boolean;
  text: string;
  /** Filled and critical: in the bad direction, and by more than usual. */
  adverse: boolean;
}

/** A difference within this many standard errors is ordinary variation and has no tone. */
const ORDINARY = 2;
/** Larger differences are only said to be larger. */
const LARGEST = 999_999;

/**
 * The difference of a value from an earlier one; percentages differ in points. What follows upon zero is `new`, and has no
 * percentage. `error` is the standard error of the difference. Null where a value is missing.
 */
export function formatDelta(
  { now, before, error }: { now: number | null; before: number | null; error: number },
  { unit, better }: { unit: string; better: 'higher' | 'lower' | null },
  { fixed }: Pick<NumberFormat, 'fixed'>,
): Delta | null {
  if (now === null || before === null || !Number.isFinite(now) || !Number.isFinite(before)) return null;
  const difference = now - before;
  const up = difference > 0;
  const bad = better !== null && (better === 'higher') !== up;
  const adverse = bad && Math.abs(difference) > ORDINARY * error;
  if (before === 0 && unit !== '%')
    return now === 0 ? { up: true, text: '0 %', adverse: false } : { up, text: 'new', adverse };
  const size = unit === '%' ? difference : (now / Math.abs(before) - Math.sign(before)) * 100;
  const decimals = unit === '%' ? 2 : 1;
  const beyond = Math.abs(size) > LARGEST;
  const figure = fixed(beyond ? LARGEST : Math.abs(size), beyond ? 0 : decimals);
  const text = `${figure} ${unit === '%' ? 'pp' : '%'}`;
  if (Number(Math.abs(size).toFixed(decimals)) === 0) return { up: true, text, adverse: false };
  return { up, text: `${beyond ? 'over ' : ''}${up ? '+' : '−'}${text}`, adverse };
}
