import type { PartFigures } from '#contracts/log/system-record.ts';
import { codeOf } from '#platform/process/code-of.ts';
import { eachApart } from '#platform/process/tasks/each-apart.ts';
import { within } from '#platform/process/tasks/within.ts';
import { wordsForAll } from '#platform/process/words-for-all.ts';
import { createHandlers, createStoppedPartitions } from './consume.ts';
import { planServe, waitingToBeServed } from './core/plan-serve.ts';
import { type AggregatorDeps, type AggregatorSettings, LAST_FLUSH, type Shared } from './deps.ts';
import { expireStore } from './expire-store.ts';
import { checkCommit } from './open-partition.ts';
import { createFlusher } from './output/flusher.ts';
import { stateBytesOf, unstoredBytesOf } from './output/make-room.ts';
import { createPublisher } from './output/publisher.ts';
import { createRejectedWriter } from './output/rejected-writer.ts';
import { repeat } from './repeat.ts';
import { reportFailure } from './report-failure.ts';
import { createRoller } from './roll-ups/roller.ts';
import { type Backfiller, createBackfiller } from './versions/backfiller.ts';
import { createControlWriter } from './versions/control-writer.ts';
import { createMeasure } from './worker-figures.ts';

/** The group that shares the partitions of `events`. */
const GROUP = 'aggregator';
const HEARTBEAT = 1_000;
/** Most failed back-fills that a system record lists. */
const MOST_FAILURES = 100;

const SLOW_END = {
  code: 'shutting_down',
  message: 'last flush timed out; stopping without waiting for the Store or the Log',
} as const;

export interface Aggregator {
  /** What is missing until it works, or why it has ended; null when it works. */
  ready(): string | null;
  /** This worker's figures for the `system` topic. */
  totals(): PartFigures;
  /** Gives the partitions up: final flush, then nothing runs any more. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a worker that folds its share of the `events` partitions: states to the Store, updates to the Log.
 * Topics and tables must exist. Rejects with `log_identity_changed` or `position_out_of_bounds` when the Store
 * and the Log do not belong together; the same faults later end the worker and are reported by `ready`.
 */
export async function buildAggregator(
  settings: AggregatorSettings,
  deps: AggregatorDeps,
): Promise<Aggregator> {
  const { log, catalog, logger } = deps;
  await checkCommits(deps);
  const stop = new AbortController();
  const shared: Shared = { ...deps, settings, owners: new Map(), closing: stop.signal };
  watchBudgets(shared);
  const publisher = createPublisher(shared);
  const rejected = createRejectedWriter(shared);
  const flusher = createFlusher(shared, publisher, rejected);
  const controls = createControlWriter(shared);
  const measure = createMeasure(shared);
  const backfiller = createBackfiller(shared, publisher);
  const stopped = createStoppedPartitions(logger);
  const owners = () => [...shared.owners.values()];
  let state: 'starting' | 'running' | Error = 'starting';

  const checkControls = (): Promise<void> =>
    controls.check().catch((error: unknown) => reportFailure(shared, 'control', error));
  const handlers = createHandlers(shared, {
    publisher,
    flusher,
    rejected,
    stopped,
    joined: () => {
      if (state === 'starting') state = 'running';
      void checkControls();
    },
    failed: (error) => {
      state = error;
      logger.error({ err: error, code: codeOf(error) }, 'aggregator failed');
      deps.failed?.(error);
    },
  });
  const unsubscribe = catalog.subscribe(() => void checkControls());
  const every = (ms: number, step: Parameters<typeof reportFailure>[1], work: () => Promise<void>) =>
    repeat(work, ms, stop.signal, (error) => reportFailure(shared, step, error));
  const loops = [
    every(settings.flush, 'flush', () => flusher.flush(owners())),
    every(settings.flush, 'backfill', backfiller.run),
    every(settings.flush, 'serve', createVersionServer(shared)),
    every(settings.rollUpEvery, 'rollup', createRoller(shared)),
    expireStore(shared, deps.random ?? Math.random),
    every(HEARTBEAT, 'control', () => controls.check()),
    every(HEARTBEAT, 'publish', async () => {
      await publisher.publish();
      await rejected.flush();
      measure.update();
    }),
  ];
  const subscription = await log.consume('events', GROUP, handlers);

  const giveUp = async (): Promise<void> => {
    await subscription.close();
    await Promise.all(loops);
    await backfiller.close();
    await publisher.rest();
    await rejected.flush();
  };
  let closed: Promise<void> | null = null;
  return {
    ready: () => {
      if (state === 'running') return stopped.describe();
      return state === 'starting' ? 'aggregator: restoring partitions' : `aggregator: ${wordsForAll(state)}`;
    },
    totals: () => withFailures(measure.totals(), backfiller),
    close: () => {
      unsubscribe();
      stop.abort();
      closed ??= endInTime(giveUp(), deps);
      return closed;
    },
  };
}

function watchBudgets(shared: Shared): void {
  const { budgets, settings } = shared;
  const watch = (name: string, setting: string, most: number, used: () => number): void =>
    budgets.watch({ name, unit: 'bytes', setting, most }, used);
  watch('state_bytes', 'MILLRACE_STATE_BYTES', settings.stateBytes, () => stateBytesOf(shared));
  watch('unstored_bytes', 'MILLRACE_UNSTORED_BYTES', settings.unstoredBytes, () => unstoredBytesOf(shared));
}

/** Everything acknowledged is in the Log, and the next owner continues from the commit rows. */
async function endInTime(
  work: Promise<void>,
  { lastFlush = LAST_FLUSH, logger }: AggregatorDeps,
): Promise<void> {
  try {
    await within(work, lastFlush, SLOW_END);
  } catch (error) {
    if (codeOf(error) !== SLOW_END.code) throw error;
    logger.error({ code: SLOW_END.code }, SLOW_END.message);
  }
}

function withFailures(figures: PartFigures, backfiller: Pick<Backfiller, 'failures'>): PartFigures {
  const backfills = backfiller.failures().slice(0, MOST_FAILURES);
  return backfills.length === 0 ? figures : { ...figures, backfills };
}

/** Throws when the Store and the Log do not belong together, in any partition. */
async function checkCommits({ log, store, catalog }: AggregatorDeps): Promise<void> {
  const commits = await store.readCommits();
  const bounds = await log.bounds('events');
  for (const { partition } of bounds) {
    const commit = commits.find((row) => row.part === partition) ?? null;
    checkCommit(partition, commit, bounds, catalog.identity);
  }
}

/** The owner of this partition decides: one writer is enough, and a record by a second one changes nothing. */
const DECIDES = 0;

/**
 * Decides which metrics' newest versions are served from now on: those whose history is filled in (rule 7). After a crash
 * before the record it decides again; after it there is nothing left to do.
 */
function createVersionServer({ store, log, catalog, owners, logger }: Shared): () => Promise<void> {
  return async () => {
    if (!owners.has(DECIDES)) return;
    const waiting = waitingToBeServed(catalog.catalog.metrics.values());
    if (waiting.length === 0) return;
    const partitions = (await log.bounds('events')).map((b) => b.partition);
    const filled = planServe(waiting, partitions, await store.readCommits());
    await eachApart(filled, async ({ id, version }) => {
      const { applied } = await catalog.write({ kind: 'serve', id, version });
      if (applied) logger.info({ metric: id, version }, 'serving new metric version');
    });
  };
}
