import { codeOf } from '#platform/process/code-of.ts';
import { explainEnd } from '#platform/process/explain-end.ts';
import { startLifecycle } from '#platform/process/lifecycle.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { closeAll } from '#platform/process/tasks/each-apart.ts';
import type { ServiceSpec } from './service.ts';
import { startService } from './start-service.ts';

/** What a stop may take beyond the open requests: the last flush, and closing Log and Store, ms. */
const LAST_FLUSH = 15_000;

/**
 * The process of a service, from its settings to its exit: 0 after a signal and a clean stop; 1, and a line that says
 * why, when it cannot start or go on. A supervisor starts it again; everything acknowledged is durable.
 */
export async function runService(
  env: Readonly<Record<string, string | undefined>>,
  spec: ServiceSpec,
): Promise<void> {
  try {
    await run(env, spec);
  } catch (error) {
    console.error(explainEnd(error));
    process.exit(1);
  }
}

async function run(env: Readonly<Record<string, string | undefined>>, spec: ServiceSpec): Promise<void> {
  const settings = readSettings(env);
  const logger = createLogger(settings.process.logLevel, spec.part);
  const lifecycle = startLifecycle({ logger, deadline: settings.http.drain + LAST_FLUSH });
  const stop = new AbortController();
  const end = (error: unknown): void => {
    // A part that fails because the process stops is expected.
    if (stop.signal.aborted) return;
    logger.fatal({ code: codeOf(error), err: error }, (error as Error).message);
    process.once('exit', () => console.error(explainEnd(error)));
    void lifecycle.stop('fatal error', 1);
  };
  const closers: (() => Promise<void>)[] = [];
  const starting = startService(spec, settings, {
    logger,
    stop: stop.signal,
    failed: end,
    onStop: (close) => void closers.push(close),
  });
  // A stop during the start first ends the start, so that nothing opens behind it.
  lifecycle.addStep(spec.part, async () => {
    stop.abort();
    await starting.catch(() => {});
    await closeAll(closers);
  });
  const url = await starting.catch(end);
  if (url !== undefined) logger.info({ url }, `${spec.part} is ready at ${url}`);
}
