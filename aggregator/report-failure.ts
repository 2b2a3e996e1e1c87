import { codeOf } from '#platform/process/code-of.ts';
import type { Shared } from './deps.ts';

/** The step that failed and is retried: the label of the counter, and part of the log line. */
export type Attempt =
  | 'restore'
  | 'publish'
  | 'flush'
  | 'control'
  | 'backfill'
  | 'rollup'
  | 'serve'
  | 'rejected'
  | 'expire';

export function reportFailure(
  { logger, metrics }: Pick<Shared, 'logger' | 'metrics'>,
  step: Attempt,
  error: unknown,
): void {
  metrics.add('millrace_aggregator_failures_total', 1, { step });
  // Disk faults are logged once where they are detected, not at every try.
  if (codeOf(error) === 'disk_full' || codeOf(error) === 'data_folder_lost') return;
  logger.warn({ err: error, code: codeOf(error), step }, `${step} failed; retrying`);
}

/** ms between two lines about what fails again and again. */
const QUIET = 10_000;

/** Reports failures of many things of one kind: each is counted, and one line at most is logged in ten seconds. */
export function createFailureLog(
  { logger, metrics, clock }: Pick<Shared, 'logger' | 'metrics' | 'clock'>,
  step: Attempt,
): { add(error: unknown, about: Record<string, unknown>): void } {
  let quietUntil = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return {
    add(error, about) {
      metrics.add('millrace_aggregator_failures_total', 1, { step });
      const now = clock();
      if (now < quietUntil && now > quietUntil - 2 * QUIET) {
        unsaid++;
        return;
      }
      logger.warn({ err: error, code: codeOf(error), step, ...about, unsaid }, `${step} failed; retrying`);
      quietUntil = now + QUIET;
      unsaid = 0;
    },
  };
}
