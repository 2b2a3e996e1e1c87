import type { Filled } from '#contracts/protocol.ts';
import type { Log } from '#platform/log/log.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { Logger } from '#platform/process/logger.ts';
import type { Store } from '#platform/store/store.ts';
import type { SystemFeed } from './system-feed.ts';

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

export interface FillWatchDeps {
  log: Log;
  store: Store;
  logger: Logger;
  system: Pick<SystemFeed, 'fillFailure'>;
}

/** How many partitions have the history of each fold, as their commit rows have it. */
export async function readFilled(
  folds: readonly Fold[],
  { log, store }: Pick<FillWatchDeps, 'log' | 'store'>,
): Promise<Filled[]> {
  const of = (await log.bounds('events')).length;
  const counts = new Map<string, number>();
  for (const { facts } of await store.readCommits()) {
    for (const active of facts.active)
      if (active.backfilled) counts.set(keyOf(active), (counts.get(keyOf(active)) ?? 0) + 1);
  }
  return folds.map((fold) => ({ done: counts.get(keyOf(fold)) ?? 0, of }));
}

const isIn = (filled: Filled | undefined): boolean => filled !== undefined && filled.done >= filled.of;

/**
 * The commit rows tell which partitions have filled a fold in; they are read only while something that is watched lacks
 * history. A Store that is away leaves the last look standing: the boards go on, and so does the tag that says so.
 */
export function createFillWatch(deps: FillWatchDeps): FillWatch {
  const { logger, system } = deps;
  const known = new Map<string, Filled>();
  let looking: Promise<void> | null = null;

  const read = async (lacking: readonly Fold[]): Promise<void> => {
    const filled = await readFilled(lacking, deps);
    for (const [i, fold] of lacking.entries()) known.set(keyOf(fold), filled[i]!);
  };
  return {
    look(watched) {
      const folds = new Map([...watched].map((fold) => [keyOf(fold), fold]));
      for (const key of known.keys()) if (!folds.has(key)) known.delete(key);
      const lacking = [...folds].filter(([key]) => !isIn(known.get(key))).map(([, fold]) => fold);
      if (lacking.length === 0) return;
      looking ??= read(lacking)
        .catch((error: unknown) =>
          logger.warn({ err: error, code: codeOf(error) }, 'cannot read back-fill progress'),
        )
        .finally(() => {
          looking = null;
        });
    },
    of(fold) {
      const filled = known.get(keyOf(fold));
      if (filled === undefined || isIn(filled)) return null;
      const failing = system.fillFailure(fold.metric, fold.version);
      return failing === null ? filled : { ...filled, failing };
    },
    close: async () => {
      await looking;
    },
  };
}
