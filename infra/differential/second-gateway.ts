import { buildGateway } from '#gateway/app.ts';
import { openCatalog } from '#platform/definitions/open-catalog.ts';
import { listen } from '#platform/http/listen.ts';
import { createServer } from '#platform/http/server.ts';
import { systemClock } from '#platform/process/clock.ts';
import { readSettings } from '#platform/process/config.ts';
import { createLogger } from '#platform/process/logger.ts';
import { createMetrics } from '#platform/process/metrics.ts';
import type { Stack } from './stack.ts';

export interface SecondGateway {
  url: string;
  close(): Promise<void>;
}

/** Another gateway over the Log and the Store of a running stack: it shares nothing else with the first. */
export async function startSecondGateway({ log, store }: Stack): Promise<SecondGateway> {
  const settings = readSettings({ MILLRACE_PORT: '0' });
  const logger = createLogger('error', 'second gateway');
  const metrics = createMetrics(false);
  const catalog = await openCatalog(log, { logger, metrics });
  const gateway = await buildGateway(
    { ...settings.gateway, horizon: settings.aggregator.horizon, proxies: settings.http.proxies },
    {
      ...{ log, store, catalog, clock: systemClock, logger, metrics },
      ...{ allowHost: () => true, allowOrigin: () => true, staticFolder: null, clientFile: null },
    },
  );
  const server = createServer(settings.http, { logger, metrics, ready: () => gateway.ready() });
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
