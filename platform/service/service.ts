import type { Server } from 'node:http';
import type { FastifyPluginAsync } from 'fastify';
import type { PartFigures, SystemRecord } from '#contracts/log/system-record.ts';
import type { Keyring } from '#platform/access/keyring.ts';
import type { CatalogFollower } from '#platform/definitions/follow.ts';
import type { Budgets } from '#platform/limits/budgets.ts';
import type { Log } from '#platform/log/log.ts';
import type { Clock } from '#platform/process/clock.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';
import type { Warnings } from '#platform/process/reporting/warnings.ts';
import type { Settings } from '#platform/process/settings/settings.ts';

/** One of the services as a process of its own. */
export interface ServiceSpec {
  part: SystemRecord['part'];
  openLog(settings: Settings, deps: Pick<ServiceDeps, 'logger' | 'metrics'>): Promise<Log>;
  /** Called when the topics are there and the definitions are read. */
  build(settings: Settings, deps: ServiceDeps): Promise<ServicePart>;
}

/** What a service's builder is given. */
export interface ServiceDeps {
  log: Log;
  catalog: CatalogFollower;
  keyring: Keyring;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  budgets: Budgets;
  warnings: Warnings;
  /** A part has ended for good: the process should too. */
  failed: (error: Error) => void;
  /** Retries work that depends on a service which may not be up yet, until MILLRACE_START_WAIT is over. */
  untilThere<T>(what: string, work: () => Promise<T>): Promise<T>;
  /** What the stop of the process closes; the last added first. */
  onStop(close: () => Promise<void>): void;
}

/** A service as its process sees it. */
export interface ServicePart {
  /** Beside the routes of operation, which every process has. */
  routes?: FastifyPluginAsync;
  /** What listens on the same server beside HTTP: sockets. */
  attach?: (server: Server) => void;
  /** What is missing before it serves as promised; null when nothing is. */
  ready(): string | null;
  /** Figures for the `system` topic. */
  totals(): PartFigures;
  /** Before the server closes: clients are sent elsewhere. */
  leave?: () => Promise<void>;
}
