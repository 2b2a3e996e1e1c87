import type { FastifyPluginAsync } from 'fastify';
import { DEFAULT_LIMITS } from '#contracts/event/event.ts';
import type { CatalogFollower } from '#platform/definitions/follow.ts';
import type { Budgets } from '#platform/limits/budgets.ts';
import type { Log } from '#platform/log/log.ts';
import type { Clock } from '#platform/process/clock.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import { createBlockWriter } from './block-writer.ts';
import { createByteBudget } from './byte-budget.ts';
import { createIngestCounters } from './counters.ts';
import { createLateEvents } from './late-events.ts';
import { createRejectionWriter } from './rejection-writer.ts';
import { addPostEvents } from './routes/post-events.ts';

export type IngestSettings = Settings['ingest'] & {
  /** Partitions of the events topic. */
  partitions: number;
};

export interface IngestDeps {
  log: Log;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  budgets: Budgets;
  /** The metrics, which say how late an event may be. */
  catalog: Pick<CatalogFollower, 'catalog' | 'next'>;
  /** For block ids: globally unique at every call. */
  randomId: () => string;
}

export interface Ingest {
  routes: FastifyPluginAsync;
  /** Resolves when everything taken so far is durable or refused. */
  drain(): Promise<void>;
  /** Since the start: `accepted`, `duplicates`, `rejected` events, of the accepted the `late` and the `imported` ones, and `requests`. */
  totals(): Record<string, number>;
}

/** HTTP in, Log out. The topics exist already. */
export function buildIngest(settings: IngestSettings, deps: IngestDeps): Ingest {
  const { eventBytes, batchBytes, batchEvents, properties, nameLength, skew, linger, partitions } = settings;
  const { clock, logger, metrics } = deps;
  const limits = { eventBytes, batchBytes, batchEvents, properties, nameLength, depth: DEFAULT_LIMITS.depth };
  const budget = createByteBudget(
    // A quarter, but one body at least.
    { limit: settings.pendingBytes, share: Math.max(settings.pendingBytes / 4, batchBytes) },
    (used) => metrics.set('millrace_ingest_pending_bytes', used),
  );
  deps.budgets.watch(
    {
      name: 'pending_bytes',
      unit: 'bytes',
      most: settings.pendingBytes,
      setting: 'MILLRACE_PENDING_BYTES',
    },
    budget.used,
  );
  const late = createLateEvents(deps.catalog);
  const blocks = createBlockWriter({ partitions, linger }, { ...deps, late });
  const imports = createBlockWriter({ partitions, linger, imported: true }, { ...deps, late });
  const rejected = createRejectionWriter(settings.rejectedBytes, deps);
  const tally = createIngestCounters(metrics);
  return {
    routes: async (app) =>
      addPostEvents(app, { limits, skew, budget, blocks, imports, clock, logger }, { rejected, tally }),
    drain: async () => {
      await blocks.drain();
      await imports.drain();
      await rejected.drain();
    },
    totals: tally.totals,
  };
}
