import { setTimeout as sleep } from 'node:timers/promises';
import { backoffDelay } from '#contracts/backoff.ts';

/** Bounds of the pause after failures, ms. */
export const PAUSE = { first: 100, most: 5_000, random: Math.random };

/** Resolves after `ms`, or at once when the signal is aborted. */
export const pause = (ms: number, closing: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal: closing, ref: false }).catch(() => {});

/**
 * Runs `work` every `every` ms, one run at a time, until closing. Failures are passed to `failed` and lengthen the pause,
 * with full jitter.
 */
export async function repeat(
  work: () => Promise<void>,
  every: number,
  closing: AbortSignal,
  failed: (error: unknown) => void,
): Promise<void> {
  let failures = 0;
  while (!closing.aborted) {
    await pause(failures === 0 ? every : every + backoffDelay(failures, PAUSE), closing);
    if (closing.aborted) return;
    try {
      await work();
      failures = 0;
    } catch (error) {
      failures++;
      failed(error);
    }
  }
}
