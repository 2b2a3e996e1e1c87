import { buildAggregator } from '#aggregator/worker.ts';
import { topics } from '#contracts/topics.ts';
import { buildGateway } from '#gateway/app.ts';
import { buildIngest } from '#ingest/app.ts';
import { openCatalog } from '#platform/definitions/open-catalog.ts';
import { listen } from '#platform/http/listen.ts';
import { createServer } from '#platform/http/server.ts';
import { type Clock, systemClock } from '#platform/process/clock.ts';
import type { Logger } from '#platform/process/logger.ts';
import { createMetrics } from '#platform/process/metrics.ts';
import type { Settings } from '#platform/process/settings.ts';
import type { Adapters } from './adapters.ts';
import { createDemo } from './demo/demo.ts';
import { hasEvents } from './demo/has-events.ts';
import { demoRoutes } from './demo/routes.ts';

export interface EmbeddedOptions extends Adapters {
  logger: Logger;
  clock?: Clock;
  /** Also the process's own figures at /metrics; off in tests. */
  processMetrics?: boolean;
}

export interface Embedded {
  /** Where it answers, such as http://127.0.0.1:8080. */
  url: string;
  startDemo(): void;
  /** Stops taking, finishes what was taken, closes Log and Store. Idempotent. */
  close(): Promise<void>;
}

const DEMO_SEED = 20_261_123;

/** All of Millrace in one process: the builders of the three services on one Log, one Store and one server. */
export async function buildEmbedded(settings: Settings, options: EmbeddedOptions): Promise<Embedded> {
  const { log, store, logger, clock = systemClock } = options;
  const metrics = createMetrics(options.processMetrics ?? false);
  await log.ensureTopics(topicsFor(settings));
  await store.migrate();
  const catalog = await openCatalog(log, { logger, metrics });
  const deps = { log, store, catalog, clock, logger, metrics };

  const aggregator = await buildAggregator(settings.aggregator, deps);
  const gateway = await buildGateway(settings.gateway, deps);
  const ingest = await buildIngest(settings.ingest, deps);
  let url = '';
  const demo = createDemo(DEMO_SEED, { url: () => url, hasEvents: () => hasEvents(log), clock, logger });

  const server = createServer(settings.http, {
    logger,
    metrics,
    ready: () => aggregator.ready() ?? gateway.ready(),
  });
  await server.register(ingest.routes);
  await server.register(gateway.routes);
  await server.register(demoRoutes(demo));
  gateway.attach(server.server);
  url = await listen(server, settings.http);

  let closing: Promise<void> | null = null;
  const shut = async (): Promise<void> => {
    await demo.close();
    await ingest.drain();
    await gateway.drain();
    await server.close();
    await aggregator.close();
    await catalog.close();
    await store.close();
    await log.close();
  };
  return {
    url,
    startDemo: demo.start,
    close: () => {
      closing ??= shut();
      return closing;
    },
  };
}

function topicsFor(settings: Settings): ReturnType<typeof topics> {
  const { partitions, retention, maxBytes } = settings.log;
  return topics(partitions).map((spec) =>
    spec.name === 'events' ? { ...spec, retention, bytes: maxBytes } : spec,
  );
}
