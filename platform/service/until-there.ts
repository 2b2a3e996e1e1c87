import { setTimeout as sleep } from 'node:timers/promises';
import { MillraceError } from '#contracts/errors.ts';
import type { Clock } from '#platform/process/clock.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import { retryWithBackoff } from '#platform/process/tasks/retry-with-backoff.ts';
import type { ServiceDeps } from './service.ts';

const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 5_000;

/**
 * Processes of one stack start in any order, so a service waits for its dependencies, but not for ever: after `wait` ms
 * it gives up with the last refusal, and the supervisor of the process decides. A stop ends the wait with `shutting_down`.
 */
export function createUntilThere(
  wait: number,
  stop: AbortSignal,
  { clock, logger }: { clock: Clock; logger: Logger },
): ServiceDeps['untilThere'] {
  return async (what, work) => {
    const deadline = clock() + wait;
    let last: unknown = null;
    const pause = async (ms: number): Promise<void> => {
      if (clock() + ms >= deadline) throw last;
      await sleep(ms, undefined, { signal: stop }).catch(() => {
        throw new MillraceError({
          code: 'shutting_down',
          message: `The start was stopped while it waited for ${what}.`,
        });
      });
    };
    const backoff = {
      attempts: Number.POSITIVE_INFINITY,
      first: FIRST_PAUSE,
      most: LONGEST_PAUSE,
      random: Math.random,
      wait: pause,
    };
    return retryWithBackoff(work, backoff, (error, attempt) => {
      last = error;
      logger.warn({ code: codeOf(error), attempt, reason: (error as Error).message }, `waiting for ${what}`);
    });
  };
}
