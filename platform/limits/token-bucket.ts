/**
 * A limit of `rate` a second that lets `burst` through at once (the token bucket of RFC 2697, with debt). `now` is ms of
 * any clock; one that goes back refills nothing.
 */
export interface TokenBucket {
  /**
   * Consumes `n` and returns 0, or consumes nothing and returns the ms until `n` is available. More than the burst is
   * granted from a full bucket, into debt, or it would never be; `n` of 0 asks whether a debt is paid.
   */
  consume(n: number, now: number): number;
  /** Consumes `n` in any case, for costs that are known only afterwards: the next `consume` waits for it. */
  spend(n: number, now: number): void;
  /** Whether it is full again. */
  isFull(now: number): boolean;
}

/** Both above 0. */
export function createTokenBucket(rate: number, burst: number): TokenBucket {
  let left = burst;
  let seen = Number.NEGATIVE_INFINITY;
  const refill = (now: number): void => {
    if (now > seen) left = Math.min(burst, left + ((now - seen) * rate) / 1_000);
    seen = now;
  };
  return {
    consume(n, now) {
      refill(now);
      const missing = Math.min(n, burst) - left;
      if (missing > 0) return (missing / rate) * 1_000;
      left -= n;
      return 0;
    },
    spend(n, now) {
      refill(now);
      left -= n;
    },
    isFull(now) {
      refill(now);
      return left >= burst;
    },
  };
}
