import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MillraceError, refuse } from '#contracts/errors.ts';
import { readSettings } from '#platform/process/config.ts';
import { createLogger } from '#platform/process/logger.ts';
import { openAdapters } from './adapters.ts';
import { buildEmbedded } from './app.ts';

const DIST = join(import.meta.dirname, '..', 'dist');
const BUILT = { staticFolder: join(DIST, 'dashboard'), clientFile: join(DIST, 'client', 'client.js') };

try {
  await start();
} catch (error) {
  fail(error);
}

async function start(): Promise<void> {
  const { demo } = readArguments(process.argv.slice(2));
  const settings = readSettings(process.env);
  const logger = createLogger(settings.process.logLevel, 'embedded');
  const adapters = await openAdapters(settings, logger);
  const app = await buildEmbedded(settings, { ...adapters, logger, built: BUILT, processMetrics: true });
  console.log(`Millrace is ready at ${app.url} (data in ${settings.process.data}; Ctrl-C stops it)`);
  if (demo) app.startDemo();

  let stopping = false;
  const stop = (): void => {
    // A terminal sends the signal to every process, and npm sends it on: only the first counts.
    if (stopping) return;
    stopping = true;
    app.close().then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // `npm start` holds the other end; when it is gone, nobody would stop this process.
  process.on('disconnect', stop);
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

/** One clear line for what is known; the whole stack for a bug. */
function fail(error: unknown): never {
  if (error instanceof MillraceError) console.error(`Millrace: ${error.message} (${error.code})`);
  else console.error('Millrace: a fault in Millrace itself (internal)\n', error);
  process.exit(1);
}
