import type { CommitRow } from '#contracts/log/rows.ts';
import { type Filled, lackOf } from '#contracts/view/backfill-progress.ts';
import type { Log } from '#platform/log/log.ts';
import { codeOf } from '#platform/process/code-of.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import { waitAtMost } from '#platform/process/tasks/within.ts';
import type { Store } from '#platform/store/store.ts';
import { KnownBackfills } from '../core/known-backfills.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { SystemTail } from './system-tail.ts';

/** What is back-filled: a metric in one version. */
export interface Fold {
  readonly metric: string;
  readonly version: number;
}

/**
 * The progress of back-fills, from the commit rows: for answers about definitions, and for hubs, which learn only of later
 * ones from the updates.
 */
export interface BackfillStatus {
  /** Returns the progress of each fold, in order; null where all of its history is in. Rejects where some may be missing and the Store is away. */
  read(folds: readonly Fold[]): Promise<(Filled | null)[]>;
  /** Starts to read the commit rows for the hub, where it knows of missing history of one of these. One read at a time. */
  refresh(folds: Iterable<Fold>): void;
  /** The same for a view that is about to answer: resolves when the read is over, or takes too long. Never rejects. */
  refreshed(fold: Fold): Promise<void>;
  /** To be called when the hub has applied something, or was replaced. */
  changed(): void;
  /** Resolves when no read for the hub is under way. */
  close(): Promise<void>;
}

export interface BackfillStatusDeps {
  log: Log;
  store: Store;
  logger: Logger;
  system: Pick<SystemTail, 'backfillFailure'>;
  hub: () => Pick<ViewHub, 'offset' | 'backfills'> | null;
}

/** ms that an answer waits for it. */
const LONGEST_WAIT = 1_000;
/** Folds that are remembered as complete; beyond it all are read again. */
const MAX_COMPLETE = 10_000;

/** Commit rows, and the end of the updates after they were read: a hub that has applied those shows all that the rows speak of. */
interface CommitsAt {
  hub: Pick<ViewHub, 'offset' | 'backfills'>;
  commits: readonly CommitRow[];
  end: number;
}

export function createBackfillStatus({
  log,
  store,
  logger,
  system,
  hub,
}: BackfillStatusDeps): BackfillStatus {
  /** History that is in stays in, so only what may be missing is looked for in the Store. */
  const complete = new Set<string>();
  let reading: Promise<void> | null = null;
  let pending: CommitsAt | null = null;

  const changed = (): void => {
    if (pending === null || (pending.hub === hub() && pending.hub.offset < pending.end)) return;
    if (pending.hub === hub()) pending.hub.backfills.applyCommits(pending.commits);
    pending = null;
  };
  const readFor = async (current: CommitsAt['hub']): Promise<void> => {
    const commits = await store.readCommits();
    const [updates] = await log.bounds('updates');
    pending = { hub: current, commits, end: updates?.end ?? 0 };
    changed();
  };
  const refresh = (folds: Iterable<Fold>): void => {
    const current = hub();
    if (current === null || reading !== null || pending !== null) return;
    const isLacking = ({ metric, version }: Fold) => lackOf(current.backfills.of(metric, version)) !== null;
    if (![...folds].some(isLacking)) return;
    // While the Store is away the hub goes on with what it knows, which is too little at most.
    reading = readFor(current)
      .catch((error: unknown) =>
        logger.warn({ err: error, code: codeOf(error) }, 'cannot read back-fill progress'),
      )
      .finally(() => {
        reading = null;
      });
  };
  return {
    async read(folds) {
      const open = folds.filter((fold) => !complete.has(keyOf(fold)));
      if (open.length === 0) return folds.map(() => null);
      if (complete.size > MAX_COMPLETE) complete.clear();
      const partitions = (await log.bounds('events')).length;
      const known = new KnownBackfills({
        partitions,
        commits: await store.readCommits(),
        failureOf: system.backfillFailure,
        maxVersions: Number.POSITIVE_INFINITY,
      });
      const lacking = new Map<string, Filled>();
      for (const fold of open) {
        const lack = lackOf(known.of(fold.metric, fold.version));
        if (lack === null) complete.add(keyOf(fold));
        else lacking.set(keyOf(fold), lack);
      }
      return folds.map((fold) => lacking.get(keyOf(fold)) ?? null);
    },
    refresh,
    async refreshed(fold) {
      refresh([fold]);
      if (reading !== null) await waitAtMost(reading, LONGEST_WAIT);
    },
    changed,
    close: async () => {
      await reading;
    },
  };
}

const keyOf = ({ metric, version }: Fold): string => `${version} ${metric}`;
