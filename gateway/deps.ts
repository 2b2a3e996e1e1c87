import type { Keyring } from '#platform/access/keyring.ts';
import type { CatalogFollower } from '#platform/definitions/follow.ts';
import type { Budgets } from '#platform/limits/budgets.ts';
import type { Log } from '#platform/log/log.ts';
import type { Clock } from '#platform/process/clock.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';
import type { Warnings } from '#platform/process/reporting/warnings.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import type { Store } from '#platform/store/store.ts';

/** What ingest takes. */
type Accepts = Pick<
  Settings['ingest'],
  'eventBytes' | 'batchBytes' | 'batchEvents' | 'properties' | 'nameLength' | 'skew'
>;

/**
 * The gateway's own settings, the horizon, which decides which definitions are possible, the number of trusted proxies, and which events
 * ingest would accept.
 */
export type GatewaySettings = Settings['gateway'] & {
  readonly horizon: number;
  readonly proxies: number;
  readonly accepts: Accepts;
};

export interface GatewayDeps {
  log: Log;
  store: Store;
  catalog: CatalogFollower;
  keyring: Keyring;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  budgets: Budgets;
  warnings: Warnings;
  /** Called when the updates can never be followed again; the process should end. The error is logged in any case. */
  failed?: (error: Error) => void;
  /** Whether a Host header names this server; and whether a page of an origin may open a socket to it. */
  allowHost: (host: string | undefined) => boolean;
  allowOrigin: (origin: string | undefined, host: string | undefined) => boolean;
  /** The built dashboard; null serves none. */
  staticFolder: string | null;
  /** The built SDK for browsers; null serves none. */
  clientFile: string | null;
}
