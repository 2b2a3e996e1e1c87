import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MillraceError, refuse } from '#contracts/errors.ts';
import { codeOf } from '#platform/process/code-of.ts';
import { type Lifecycle, startLifecycle } from '#platform/process/lifecycle.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import { openAdapters } from './adapters.ts';
import { emptyDataFolder, SilentFolder } from './data-folder.ts';
import { explainEmbeddedEnd } from './explain-embedded-end.ts';
import { runEmbedded } from './run-embedded.ts';

const DIST = join(import.meta.dirname, '..', 'dist');
const BUILT = { staticFolder: join(DIST, 'dashboard'), clientFile: join(DIST, 'client', 'client.js') };
/** What a stop may take beyond the open requests: the last flush, and closing Log and Store, ms. */
const LAST_FLUSH = 10_000;

try {
  await main();
} catch (error) {
  console.error(explainEmbeddedEnd(error, ''));
  process.exit(1);
}

async function main(): Promise<void> {
  // Only this user may read events, in whatever file an engine puts them.
  process.umask(0o077);
  const { demo } = readArguments(process.argv.slice(2));
  const settings = readSettings(process.env);
  const { data } = settings.process;
  const logger = createLogger(settings.process.logLevel, 'embedded');
  const lifecycle = startLifecycle({ logger, deadline: settings.http.drain + LAST_FLUSH });
  // `npm start` holds the other end; when it is gone, nothing else would stop this process.
  process.on('disconnect', () => void lifecycle.stop('parent process has exited'));
  const end = (error: unknown): void => {
    if (error instanceof SilentFolder) endNow(explainEmbeddedEnd(error, data));
    logger.fatal({ code: codeOf(error) }, (error as Error).message);
    // The words for people come last, where a terminal shows them.
    process.once('exit', () => console.error(explainEmbeddedEnd(error, data)));
    void lifecycle.stop('fatal error', 1);
  };
  const starting = start(settings, logger, end);
  addStopStep(lifecycle, starting);
  const app = await starting.catch(end);
  if (app === undefined) return;
  if (demo) {
    // An event of now, sent before that history, would make it late.
    console.log('The demo is sending its last 30 minutes of history …');
    await app.startDemo();
  }
  console.log(`Millrace is ready at ${app.url} (data in ${data}; Ctrl-C stops it)`);
}

function start(
  settings: Settings,
  logger: ReturnType<typeof createLogger>,
  failed: (error: Error) => void,
): ReturnType<typeof runEmbedded> {
  return runEmbedded(settings, {
    open: () => openAdapters(settings, logger),
    // A ClickHouse server is not ours to empty.
    empty: settings.store.url === '' ? () => emptyDataFolder(settings.process.data) : null,
    logger,
    built: BUILT,
    processMetrics: true,
    failed,
  });
}

/** An exit waits for the threads of the process, and they wait for a file system that does not answer. */
function endNow(words: string): void {
  writeSync(process.stderr.fd, `${words}\n`);
  process.kill(process.pid, 'SIGKILL');
}

/** A stop during the start waits for the start, which leaves nothing half open. */
function addStopStep(lifecycle: Lifecycle, starting: ReturnType<typeof start>): void {
  lifecycle.addStep('millrace', async () => {
    const app = await starting.catch(() => null);
    await app?.close();
  });
}

function readArguments(args: string[]): { demo: boolean } {
  try {
    const { values } = parseArgs({ args, options: { demo: { type: 'boolean', default: false } } });
    return { demo: values.demo };
  } catch (error) {
    const { fault } = refuse('invalid_settings', `${(error as Error).message}. The only option is --demo.`);
    throw new MillraceError(fault);
  }
}
