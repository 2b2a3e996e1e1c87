import { randomBytes, randomUUID } from 'node:crypto';
import { buildAggregator } from '#aggregator/worker.ts';
import type { SystemRecord } from '#contracts/log/system-record.ts';
import { buildGateway } from '#gateway/app.ts';
import { buildIngest } from '#ingest/app.ts';
import { openKeyring } from '#platform/access/open-keyring.ts';
import { defineBuiltIns } from '#platform/definitions/define-built-ins.ts';
import { openCatalog } from '#platform/definitions/open-catalog.ts';
import { watchDisk } from '#platform/disk/watch-disk.ts';
import { createHostNames } from '#platform/http/callers/host-names.ts';
import { listen } from '#platform/http/listen.ts';
import { createServer } from '#platform/http/server.ts';
import { createBudgets } from '#platform/limits/budgets.ts';
import { topicSpecs } from '#platform/log/topic-specs.ts';
import { type Clock, systemClock } from '#platform/process/clock.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import {
  type SystemReporterOptions,
  startSystemReporter,
} from '#platform/process/reporting/report-system.ts';
import { createWarnings } from '#platform/process/reporting/warnings.ts';
import { watchClock } from '#platform/process/reporting/watch-clock.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import { closeAll } from '#platform/process/tasks/each-apart.ts';
import type { Adapters } from './adapters.ts';
import { serveControl } from './backup/serve-control.ts';
import { createDemo } from './demo/demo.ts';
import { demoRoutes } from './demo/demo-routes.ts';
import { hasEvents } from './demo/has-events.ts';
import { createRemoval } from './demo/removal.ts';
import { DEMO_SEED } from './demo/traffic/names.ts';

export interface EmbeddedOptions extends Adapters {
  logger: Logger;
  clock?: Clock;
  /** Called when a part has ended for good: the process should end too. Logged in any case. */
  failed?: (error: Error) => void;
  /** Deletes all data and restarts; null, which is the default, where that is not possible. */
  removeDemo?: (() => void) | null;
  /** What was built for browsers; null, and by default, nothing of it is served. */
  built?: Built;
  /** Also the process's own figures at /metrics; off in tests. */
  processMetrics?: boolean;
}

export interface Built {
  staticFolder: string | null;
  clientFile: string | null;
}

export interface Embedded {
  /** The base URL, such as http://127.0.0.1:8080. */
  url: string;
  /** Resolves when the demo is live, its history sent, or when it has failed. */
  startDemo(): Promise<void>;
  /** Stops taking, finishes what was taken, closes Log and Store. Idempotent. */
  close(): Promise<void>;
}

const NOTHING_BUILT: Built = { staticFolder: null, clientFile: null };

/**
 * All of Millrace in one process: the builders of the three services on one Log, one Store and one server. Owns the
 * adapters from the call on; when it rejects, they are closed.
 */
export async function buildEmbedded(settings: Settings, options: EmbeddedOptions): Promise<Embedded> {
  // Closes in reverse order of opening.
  const closers = [() => options.log.close(), () => options.store.close()];
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= closeAll(closers);
    return closing;
  };
  try {
    return { ...(await openParts(settings, options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openParts(
  settings: Settings,
  options: EmbeddedOptions,
  closers: (() => Promise<void>)[],
): Promise<Omit<Embedded, 'close'>> {
  const { log, store, logger, clock = systemClock } = options;
  const ended = options.failed === undefined ? {} : { failed: options.failed };
  const metrics = createMetrics(options.processMetrics ?? false);
  const ofProcess = { budgets: createBudgets(metrics), warnings: createWarnings({ clock, logger }) };
  const disk = watchDisk(options.disks ?? [], { metrics, warnings: ofProcess.warnings });
  const stopClockWatch = watchClock(clock, { metrics, warnings: ofProcess.warnings });
  closers.push(async () => {
    disk.close();
    stopClockWatch();
  });
  await log.ensureTopics(topicSpecs(settings.log));
  await store.migrate();
  const catalog = await openCatalog(log, { logger, metrics, ...ended });
  closers.push(catalog.close);
  await defineBuiltIns(catalog, settings.aggregator.horizon);
  const own = randomBytes(32).toString('hex');
  const keyring = openKeyring(settings.http, catalog.catalog, clock, own);
  const deps = { log, store, catalog, keyring, clock, logger, metrics, ...ofProcess, ...ended };

  // One connection writes, and one stays free for boards.
  const backfills = Math.max(1, Math.min(settings.aggregator.backfills, settings.store.sessions - 2));
  const aggregator = await buildAggregator(
    { ...settings.aggregator, backfills, archive: settings.store.archive },
    deps,
  );
  closers.push(aggregator.close);
  const ingest = buildIngest(
    { ...settings.ingest, partitions: settings.log.partitions },
    { ...deps, randomId: randomUUID },
  );
  closers.push(ingest.drain);
  const gateway = await buildGateway(
    {
      ...settings.gateway,
      horizon: settings.aggregator.horizon,
      proxies: settings.http.proxies,
      accepts: settings.ingest,
    },
    { ...deps, ...createHostNames(settings.http), ...(options.built ?? NOTHING_BUILT) },
  );
  const report = (part: SystemRecord['part'], collect: SystemReporterOptions['collect']): void => {
    // Each part counts as a process of its own, as it would be in a profile of several.
    const shared = part === 'gateway' ? { own: ofProcess } : {};
    const reporter = startSystemReporter({ ...deps, ...shared, part, collect, process: randomUUID() });
    closers.push(reporter.close);
  };
  report('ingest', () => ({ totals: ingest.totals(), gauges: disk.gauges() }));
  report('aggregator', aggregator.totals);
  report('gateway', gateway.totals);

  const ready = (): string | null => disk.missing() ?? aggregator.ready() ?? gateway.ready();
  const server = createServer(
    { ...settings.http, limits: settings.limits },
    { logger, metrics, keyring, ready, ...ofProcess },
  );
  let url = '';
  const demo = createDemo(DEMO_SEED, { ...deps, url: () => url, key: own, hasEvents: () => hasEvents(log) });
  closers.push(() => server.close(), gateway.drain, demo.close);
  await server.register(ingest.routes);
  await server.register(gateway.routes);
  await server.register(demoRoutes(demo, createRemoval(deps, options.removeDemo ?? null)));
  gateway.attach(server.server);
  url = await listen(server, settings.http);
  if (options.hold !== undefined) {
    const control = await serveControl({ data: settings.process.data, hold: options.hold, logger });
    closers.push(control.close);
  }
  return { url, startDemo: demo.start };
}
