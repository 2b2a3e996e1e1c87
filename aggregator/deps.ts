import type { CatalogFollower } from '#platform/definitions/follow.ts';
import type { Budgets } from '#platform/limits/budgets.ts';
import type { Log } from '#platform/log/log.ts';
import type { Clock } from '#platform/process/clock.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';
import type { Warnings } from '#platform/process/reporting/warnings.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import type { Store } from '#platform/store/store.ts';

export interface AggregatorSettings extends Readonly<Settings['aggregator']> {
  /** ms that events stay in the archive. */
  readonly archive: number;
}

export interface AggregatorDeps {
  log: Log;
  store: Store;
  catalog: CatalogFollower;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  budgets: Budgets;
  warnings: Warnings;
  /** Uniform in [0, 1): spreads what workers begin at their start. Default: Math.random. */
  random?: () => number;
  /** ms that giving partitions up may take, the last flush included. Default: 5,000. */
  lastFlush?: number;
  /** The worker has ended for good; the process should too. It is logged in any case. */
  failed?: (error: Error) => void;
}

/** Within the deadline of a stop: closing the Store and the Log comes after it. */
export const LAST_FLUSH = 5_000;

/** What the parts of a worker share. */
export interface Shared extends AggregatorDeps {
  settings: AggregatorSettings;
  /** By partition; an owner is here from the end of its restore until its final flush. */
  owners: Map<number, Owner>;
  /** Aborted when the worker closes: waits end, retries stop. */
  closing: AbortSignal;
}

import type { Owner } from './owner.ts';
