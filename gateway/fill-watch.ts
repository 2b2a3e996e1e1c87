import type { Filled } from '#contracts/protocol.ts';
import type { Log } from '#platform/log/log.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { Logger } from '#platform/process/logger.ts';
import type { Store } from '#platform/store/store.ts';

/** What a view folds: a metric in one version. */
export interface Fold {
  readonly metric: string;
  readonly version: number;
}

/** How far the history of what is watched has been filled in. */
export interface FillWatch {
  /** Looks again at the folds whose history is not in yet, one look at a time; forgets what is no longer watched. */
  look(watched: Iterable<Fold>): void;
  /** Partitions that have reported their history; null when all have, or nobody has looked yet. */
  of(fold: Fold): Filled | null;
  /** Resolves when no look is under way. */
  close(): Promise<void>;
}

const keyOf = ({ metric, version }: Fold): string => `${metric} ${version}`;

/**
 * The commit rows tell which partitions have filled a fold in; they are read only while something that is watched lacks
 * history. A Store that is away leaves the last look standing: the boards go on, and so does the tag that says so.
 */
export function createFillWatch(deps: { log: Log; store: Store; logger: Logger }): FillWatch {
  const { log, store, logger } = deps;
  const known = new Map<string, Filled>();
  let looking: Promise<void> | null = null;

  const read = async (lacking: readonly Fold[]): Promise<void> => {
    const of = (await log.bounds('events')).length;
    const commits = await store.readCommits();
    for (const { metric, version } of lacking) {
      const done = commits.filter(({ facts }) =>
        facts.active.some((a) => a.metric === metric && a.version === version && a.backfilled),
      ).length;
      known.set(keyOf({ metric, version }), { done, of });
    }
  };
  const isIn = (filled: Filled | undefined): boolean => filled !== undefined && filled.done >= filled.of;
  return {
    look(watched) {
      const folds = new Map([...watched].map((fold) => [keyOf(fold), fold]));
      for (const key of known.keys()) if (!folds.has(key)) known.delete(key);
      const lacking = [...folds].filter(([key]) => !isIn(known.get(key))).map(([, fold]) => fold);
      if (lacking.length === 0) return;
      looking ??= read(lacking)
        .catch((error: unknown) =>
          logger.warn({ err: error, code: codeOf(error) }, 'how far back-fills are could not be read'),
        )
        .finally(() => {
          looking = null;
        });
    },
    of(fold) {
      const filled = known.get(keyOf(fold));
      return filled === undefined || isIn(filled) ? null : filled;
    },
    close: async () => {
      await looking;
    },
  };
}
