import { ERRORS, MillraceError } from '#contracts/errors.ts';

export interface Backoff {
  /** Tries in all; Infinity goes on until the work is done or `wait` rejects. */
  attempts: number;
  /** ms: upper bound of the first pause; each further one doubles up to `most`. */
  first: number;
  most: number;
  /** Uniform in [0, 1). */
  random: () => number;
  /** Resolves after so many ms; its rejection ends the tries, which is how a stop cuts them. */
  wait: (ms: number) => Promise<void>;
}

/**
 * Runs `work` until it succeeds. Only errors whose code says that a retry can help are met with another
 * try; bugs are not. Pauses have full jitter: uniform below the bound, so that many who failed together do not return together
 * (M. Brooker, "Exponential Backoff And Jitter", 2015).
 */
export async function retryWithBackoff<T>(
  work: () => Promise<T>,
  backoff: Backoff,
  onFailure: (error: unknown, attempt: number) => void,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      onFailure(error, attempt);
      if (attempt >= backoff.attempts || !isPassing(error)) throw error;
    }
    await backoff.wait(backoffDelay(attempt, backoff));
  }
}

/** ms to pause after the given number of failures, from 1. */
export const backoffDelay = (
  failures: number,
  { first, most, random }: Pick<Backoff, 'first' | 'most' | 'random'>,
): number => Math.floor(random() * Math.min(most, first * 2 ** Math.min(failures - 1, 50)));

const isPassing = (error: unknown): boolean =>
  error instanceof MillraceError && error.code !== 'internal' && ERRORS[error.code].retry;
