export interface BackoffBounds {
  /** Upper bound of the first pause, ms; each further one doubles. */
  first: number;
  /** Upper bound of any pause, ms. */
  most: number;
}

/** The longest pause after `failures` failures in a row, counted from 1, ms. */
export const longestBackoff = (failures: number, { first, most }: BackoffBounds): number =>
  Math.min(most, first * 2 ** Math.min(failures - 1, 50));

/**
 * ms to pause after `failures` failures in a row, counted from 1, with full jitter: uniform between 0 and the bound, so
 * that callers that failed together do not retry together (M. Brooker, "Exponential Backoff And Jitter", 2015). `random`
 * is uniform in [0, 1).
 */
export const backoffDelay = (failures: number, bounds: BackoffBounds & { random: () => number }): number =>
  Math.floor(bounds.random() * longestBackoff(failures, bounds));
