import type { Fault } from '#contracts/errors.ts';
import { shareNext } from '#platform/process/tasks/share-next.ts';
import { within } from '#platform/process/tasks/within.ts';

export interface CatchUpParts {
  /** Offset after the last record of the topic, not older than the call. */
  readEnd(): Promise<number>;
  /** Resolves when the reader has passed the record at `offset`. */
  passed(offset: number): Promise<void>;
}

/**
 * Waits until the reader holds everything that was in the topic at the call: what another process has written and
 * acknowledged is known then. However many wait, one read of the end is under way. Rejects with `log_unavailable` after
 * `timeout` ms, and as its parts do.
 */
export function createCatchUp({ readEnd, passed }: CatchUpParts, timeout: number): () => Promise<void> {
  const shared = shareNext(async () => {
    const work = readEnd().then((end) => (end > 0 ? passed(end - 1) : undefined));
    await within(work, timeout, TOO_LATE);
  });
  return () => shared('definitions');
}

const TOO_LATE: Fault = {
  code: 'log_unavailable',
  message: 'The definitions could not be read completely in time; try again in a moment.',
};
