import { codeOf } from '#platform/process/code-of.ts';
import type { Shared } from './deps.ts';

/** What failed and is tried again: it stands in the counter's label and the log line. */
export type Attempt =
  | 'restore'
  | 'publish'
  | 'flush'
  | 'control'
  | 'backfill'
  | 'serve'
  | 'rejected'
  | 'expire';

export function reportFailure(
  { logger, metrics }: Pick<Shared, 'logger' | 'metrics'>,
  step: Attempt,
  error: unknown,
): void {
  metrics.add('millrace_aggregator_failures_total', 1, { step });
  // What the disk refuses is told where it is found, once, and not at every try.
  if (codeOf(error) === 'disk_full' || codeOf(error) === 'data_folder_lost') return;
  logger.warn({ err: error, code: codeOf(error), step }, `${step} failed and is tried again`);
}
