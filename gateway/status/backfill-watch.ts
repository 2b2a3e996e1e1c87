import type { CommitRow } from '#contracts/log/rows.ts';
import { type Filled, lackOf } from '#contracts/view/backfill-progress.ts';
import type { Log } from '#platform/log/log.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import type { Store } from '#platform/store/store.ts';
import type { ViewHub } from '../core/view-hub.ts';

/** What a view folds: a metric in one version. */
export interface Fold {
  readonly metric: string;
  readonly version: number;
}

/** Keeps hubs told of history that no update speaks of: of partitions that had none, and of what was told before the hub began. */
export interface FillWatch {
  /** Looks at the commit rows where one of these lacks history, one look at a time. */
  look(watched: Iterable<Fold>): void;
  /** The hub has applied something, or is another one. */
  changed(): void;
  /** Resolves when no look is under way. */
  close(): Promise<void>;
}

const keyOf = ({ metric, version }: Fold): string => `${metric} ${version}`;

export interface FillWatchDeps {
  log: Log;
  store: Store;
  logger: Logger;
  hub: () => Pick<ViewHub, 'offset' | 'fills'> | null;
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

/** Commit rows, and the end of the updates after they were read: a hub that is there shows all that they tell of. */
interface Look {
  hub: Pick<ViewHub, 'offset' | 'fills'>;
  commits: readonly CommitRow[];
  end: number;
}

/** A Store that is away leaves what is known standing: it says too little at most. */
export function createFillWatch({ log, store, logger, hub }: FillWatchDeps): FillWatch {
  let looking: Promise<void> | null = null;
  let found: Look | null = null;

  const changed = (): void => {
    if (found === null || (found.hub === hub() && found.hub.offset < found.end)) return;
    if (found.hub === hub()) found.hub.fills.take(found.commits);
    found = null;
  };
  const read = async (of: Look['hub']): Promise<void> => {
    const commits = await store.readCommits();
    const [updates] = await log.bounds('updates');
    found = { hub: of, commits, end: updates?.end ?? 0 };
    changed();
  };
  return {
    look(watched) {
      const now = hub();
      if (now === null || looking !== null || found !== null) return;
      if (![...watched].some(({ metric, version }) => lackOf(now.fills.of(metric, version)))) return;
      looking = read(now)
        .catch((error: unknown) =>
          logger.warn({ err: error, code: codeOf(error) }, 'cannot read back-fill progress'),
        )
        .finally(() => {
          looking = null;
        });
    },
    changed,
    close: async () => {
      await looking;
    },
  };
}
