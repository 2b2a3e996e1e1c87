import { randomUUID } from 'node:crypto';
import { openKeyring } from '#platform/access/open-keyring.ts';
import { openCatalog } from '#platform/definitions/open-catalog.ts';
import { listen } from '#platform/http/listen.ts';
import { createServer } from '#platform/http/server.ts';
import { createBudgets } from '#platform/limits/budgets.ts';
import { topicSpecs } from '#platform/log/topic-specs.ts';
import { systemClock } from '#platform/process/clock.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { startSystemReporter } from '#platform/process/reporting/report-system.ts';
import { createWarnings } from '#platform/process/reporting/warnings.ts';
import { watchClock } from '#platform/process/reporting/watch-clock.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import type { ServiceDeps, ServicePart, ServiceSpec } from './service.ts';
import { createUntilThere } from './until-there.ts';

export interface StartOptions {
  logger: Logger;
  /** Ends the wait for dependencies. */
  stop: AbortSignal;
  failed: (error: Error) => void;
  onStop(close: () => Promise<void>): void;
}

/** Opens what a service needs, builds it and lets it listen. Returns the address; what is open by then closes by `onStop`. */
export async function startService(
  spec: ServiceSpec,
  settings: Settings,
  { logger, stop, failed, onStop }: StartOptions,
): Promise<string> {
  const clock = systemClock;
  const metrics = createMetrics(true);
  const own = { budgets: createBudgets(metrics), warnings: createWarnings({ clock, logger }) };
  const stopClockWatch = watchClock(clock, { metrics, warnings: own.warnings });
  onStop(async () => stopClockWatch());
  const untilThere = createUntilThere(settings.process.startWait, stop, { clock, logger });
  const log = await spec.openLog(settings, { logger, metrics });
  onStop(() => log.close());
  await untilThere('the Log', () => log.ensureTopics(topicSpecs(settings.log)));
  const catalog = await untilThere('the definitions', () => openCatalog(log, { logger, metrics, failed }));
  onStop(catalog.close);
  const keyring = openKeyring(settings.http, catalog.catalog, clock);
  const deps: ServiceDeps = {
    log,
    catalog,
    keyring,
    clock,
    logger,
    metrics,
    ...own,
    failed,
    untilThere,
    onStop,
  };
  const part = await spec.build(settings, deps);
  const { close } = startSystemReporter({
    ...deps,
    part: spec.part,
    collect: part.totals,
    own,
    keyUses: keyring.uses,
    process: randomUUID(),
  });
  onStop(close);
  return serve(part, settings, deps);
}

async function serve(part: ServicePart, settings: Settings, deps: ServiceDeps): Promise<string> {
  const server = createServer({ ...settings.http, limits: settings.limits }, { ...deps, ready: part.ready });
  deps.onStop(() => server.close());
  if (part.leave !== undefined) deps.onStop(part.leave);
  if (part.routes !== undefined) await server.register(part.routes);
  part.attach?.(server.server);
  return listen(server, settings.http);
}
