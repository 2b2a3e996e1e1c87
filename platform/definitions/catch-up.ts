import { MillraceError } from '#contracts/errors.ts';
import { shareNext } from '#platform/process/tasks/share-next.ts';

export interface CatchUpParts {
  /** Offset after the last record of the topic, not older than the call. */
  readEnd(): Promise<number>;
  /** Resolves when the reader has passed the record at `offset`. */
  passed(offset: number): Promise<void>;
}

/**
 * Waits until the reader holds everything that was in the topic at the call: what another process has written and
 * acknowledged is known then. However many wait, one read of the end is under way. Rejects with `log_unavailable` after
 * `patience` ms, and as its parts do.
 */
export function createCatchUp({ readEnd, passed }: CatchUpParts, patience: number): () => Promise<void> {
  const shared = shareNext(async () => {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(TOO_LATE()), patience);
    const work = readEnd().then((end) => (end > 0 ? passed(end - 1) : undefined));
    await Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
  });
  return () => shared('definitions');
}

const TOO_LATE = () =>
  new MillraceError({
    code: 'log_unavailable',
    message: 'The definitions could not be read completely in time; try again in a moment.',
  });
