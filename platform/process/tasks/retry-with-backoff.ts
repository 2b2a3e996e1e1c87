import { type BackoffBounds, backoffDelay } from '#contracts/backoff.ts';
import { ERRORS, MillraceError } from '#contracts/errors.ts';

export interface Backoff extends BackoffBounds {
  /** Tries in all; Infinity goes on until the work is done or `wait` rejects. */
  attempts: number;
  /** Uniform in [0, 1). */
  random: () => number;
  /** Resolves after `ms`; its rejection ends the retries, which is how a stop cuts them short. */
  wait: (ms: number) => Promise<void>;
}

/**
 * Runs `work` until it succeeds. Only errors whose code says that a retry can help lead to another try; bugs do not.
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

const isPassing = (error: unknown): boolean =>
  error instanceof MillraceError && error.code !== 'internal' && ERRORS[error.code].retry;
