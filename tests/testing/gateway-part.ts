import { buildGateway } from '#gateway/app.ts';
import { openKeyring } from '#platform/access/open-keyring.ts';
import { openCatalog } from '#platform/definitions/open-catalog.ts';
import { listen } from '#platform/http/listen.ts';
import { createServer } from '#platform/http/server.ts';
import { createBudgets } from '#platform/limits/budgets.ts';
import { systemClock } from '#platform/process/clock.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { createWarnings } from '#platform/process/reporting/warnings.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import type { Adapters } from '../../embedded/adapters.ts';

export interface GatewayPart {
  url: string;
  /** Notifies the clients, then ends. */
  close(): Promise<void>;
}

/** A gateway beside whatever else works on the same Log and Store, as a profile of several processes runs it. */
export async function startGatewayPart(settings: Settings, { log, store }: Adapters): Promise<GatewayPart> {
  const logger = createLogger('silent', 'gateway');
  const metrics = createMetrics(false);
  const catalog = await openCatalog(log, { logger, metrics });
  const keyring = openKeyring(settings.http, catalog.catalog, systemClock);
  const gateway = await buildGateway(
    {
      ...settings.gateway,
      horizon: settings.aggregator.horizon,
      proxies: settings.http.proxies,
      accepts: settings.ingest,
    },
    {
      log,
      store,
      catalog,
      keyring,
      clock: systemClock,
      logger,
      metrics,
      budgets: createBudgets(metrics),
      warnings: createWarnings({ clock: systemClock, logger }),
      allowHost: () => true,
      allowOrigin: () => true,
      staticFolder: null,
      clientFile: null,
    },
  );
  const server = createServer(
    { ...settings.http, limits: settings.limits },
    { logger, metrics, keyring, ready: gateway.ready },
  );
  await server.register(gateway.routes);
  gateway.attach(server.server);
  const url = await listen(server, settings.http);
  return {
    url,
    async close() {
      await gateway.drain();
      await server.close();
      await catalog.close();
    },
  };
}
