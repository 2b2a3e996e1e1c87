import { aggregateOf } from '#aggregates/registry.ts';
import { MillraceError } from '#contracts/errors.ts';
import { encodeBlockHeaders } from '#contracts/log/block.ts';
import type { CommitRow, PaneRow } from '#contracts/log/rows.ts';
import { topics } from '#contracts/log/topics.ts';
import { decodeUpdate, type Update } from '#contracts/log/update.ts';
import type { CatalogFollower } from '#platform/definitions/follow.ts';
import { openCatalog } from '#platform/definitions/open-catalog.ts';
import { createBudgets } from '#platform/limits/budgets.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import type { Log } from '#platform/log/log.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics, type Metrics } from '#platform/process/reporting/metrics.ts';
import { createWarnings } from '#platform/process/reporting/warnings.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import type { Store } from '#platform/store/store.ts';
import type { AggregatorDeps, AggregatorSettings } from '../deps.ts';
import { type Aggregator, buildAggregator } from '../worker.ts';

/** A worker's surroundings in memory: a log and a Store that outlive the workers that a test starts on them. */
export interface Rig {
  log: Log;
  store: Store;
  catalog: CatalogFollower;
  metrics: Metrics;
  /** While true every call of the Store fails as if it were away. */
  storeAway: boolean;
  /** While true only back-fills fail. */
  backfillAway: boolean;
  start(settings?: Partial<AggregatorSettings>, deps?: Partial<AggregatorDeps>): Promise<Aggregator>;
  /** Appends one block as ingest does. */
  post(partition: number, events: readonly object[], block?: string, imported?: boolean): Promise<number>;
  define(id: string, body: Record<string, unknown>): Promise<number>;
  rows(metric: string, part: string): Promise<PaneRow[]>;
  commit(partition: number): Promise<CommitRow | undefined>;
  updates(): Promise<Update[]>;
  /** Everything in the log is folded and committed. */
  committed(): Promise<void>;
  close(): Promise<void>;
}

export const SETTINGS: AggregatorSettings = {
  flush: 20,
  tick: 5,
  horizon: 3_600_000,
  groups: 2_000,
  valueLength: 200,
  unstoredBytes: 32_000_000,
  stateBytes: 96_000_000,
  ids: 10_000,
  dirtyCells: 200_000,
  retireAfter: 0,
  backfills: 2,
  rollUpEvery: 20,
  expireEvery: 3_600_000,
  archive: 30 * 86_400_000,
};

export async function createRig(partitions = 2): Promise<Rig> {
  const log = createMemoryLog();
  await log.ensureTopics(topics(partitions));
  const logger = createLogger('silent', 'test');
  const metrics = createMetrics(false);
  const catalog = await openCatalog(log, { logger, metrics });
  const workers: Aggregator[] = [];
  let blocks = 0;
  const store = new Proxy(createMemoryStore({ aggregateOf }), {
    get(target, name, receiver) {
      if (!rig.storeAway && !(rig.backfillAway && name === 'backfill'))
        return Reflect.get(target, name, receiver);
      const fault = { code: 'store_unavailable', message: 'The Store is away.' } as const;
      return () => Promise.reject(new MillraceError(fault));
    },
  });
  const rig: Rig = {
    log,
    store,
    catalog,
    metrics,
    storeAway: false,
    backfillAway: false,
    async start(settings = {}, changed = {}) {
      const budgets = createBudgets(metrics);
      const warnings = createWarnings({ clock: Date.now, logger });
      const deps = { log, store, catalog, clock: Date.now, logger, metrics, budgets, warnings, ...changed };
      const worker = await buildAggregator({ ...SETTINGS, ...settings }, deps);
      workers.push(worker);
      return worker;
    },
    async post(partition, events, block = `block-${++blocks}`, imported = false) {
      const value = Buffer.from(events.map((e) => JSON.stringify(e)).join('\n'));
      const headers = encodeBlockHeaders({
        block,
        received: Date.now(),
        count: events.length,
        kind: 'events',
        imported,
      });
      const [offset] = await log.append('events', partition, [{ key: null, value, headers }]);
      return offset!;
    },
    async define(id, body) {
      const basedOn = catalog.catalog.metrics.get(id)?.offset ?? null;
      const written = await catalog.write({ kind: 'metric', id, basedOn, body, version: null });
      return written.offset;
    },
    async rows(metric, part) {
      const version = catalog.catalog.metrics.get(metric)!.version;
      const rows = await store.readPanes({ metric, version, from: 0, to: Number.MAX_SAFE_INTEGER });
      return rows.filter((row) => row.part === part);
    },
    commit: async (partition) => (await store.readCommits()).find((row) => row.part === partition),
    updates: () => readUpdates(log),
    async committed() {
      await eventually(async () => {
        const commits = await store.readCommits();
        const bounds = await log.bounds('events');
        return bounds.every((b) => (commits.find((c) => c.part === b.partition)?.next ?? 0) === b.end);
      });
    },
    async close() {
      rig.storeAway = false;
      for (const worker of workers) await worker.close();
      await catalog.close();
      await log.close();
    },
  };
  return rig;
}

async function readUpdates(log: Log): Promise<Update[]> {
  const [bounds] = await log.bounds('updates');
  const found: Update[] = [];
  let next = bounds!.start;
  const tail = await log.tail(
    'updates',
    0,
    next,
    (records) => {
      for (const { value, offset } of records) {
        const read = decodeUpdate(Buffer.from(value).toString());
        if (read.ok) found.push(read.value);
        next = offset + 1;
      }
    },
    () => {},
  );
  await eventually(() => next >= bounds!.end);
  await tail.close();
  return found;
}

/** Resolves when the condition holds; otherwise the test's own deadline ends the wait. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}
