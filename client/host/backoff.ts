export interface BackoffBounds {
  /** Upper bound of the first wait, ms; it doubles with each failure. */
  base: number;
  /** Upper bound of any wait, ms. */
  cap: number;
}

/**
 * Full jitter: uniform between 0 and the doubled bound, so that clients which lost one server together do not
 * come back together. `failures` counts from 1.
 */
export function backoff(failures: number, { base, cap }: BackoffBounds, random: () => number): number {
  return Math.round(random() * Math.min(cap, base * 2 ** Math.min(failures - 1, 30)));
}
