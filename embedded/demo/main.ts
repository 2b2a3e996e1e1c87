import { MillraceError } from '#contracts/errors.ts';
import { openKafkaLog } from '#platform/log/kafka/open-kafka-log.ts';
import { readKafkaSettings } from '#platform/log/kafka/read-kafka-settings.ts';
import { topicSpecs } from '#platform/log/topic-specs.ts';
import { systemClock } from '#platform/process/clock.ts';
import { explainEnd } from '#platform/process/explain-end.ts';
import { startLifecycle } from '#platform/process/lifecycle.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import type { Settings } from '#platform/process/settings/settings.ts';
import { closeAll } from '#platform/process/tasks/each-apart.ts';
import { withoutCredentials } from '#platform/process/without-credentials.ts';
import { createUntilThere } from '#platform/service/until-there.ts';
import { createDemo } from './demo.ts';
import { hasEvents } from './has-events.ts';
import { DEMO_SEED } from './traffic/names.ts';

/** What a stop may take, ms: nothing has to be finished, but brokers may be slow to answer. */
const STOP = 25_000;

// The demo's traffic beside Millrace on Kafka: an app like any other, but that it looks whether the Log is empty.
try {
  main(readSettings(process.env));
} catch (error) {
  console.error(explainEnd(error));
  process.exit(1);
}

function main(settings: Settings): void {
  const logger = createLogger(settings.process.logLevel, 'demo');
  const lifecycle = startLifecycle({ logger, deadline: STOP });
  const stop = new AbortController();
  const failed = (error: unknown): void => {
    if (stop.signal.aborted) return;
    process.once('exit', () => console.error(explainEnd(error)));
    void lifecycle.stop('fatal error', 1);
  };
  const closers: (() => Promise<void>)[] = [];
  const starting = start(settings, { logger, stop: stop.signal, failed, closers });
  starting.catch(failed);
  lifecycle.addStep('demo', async () => {
    // First the start ends, so that nothing opens behind the stop.
    stop.abort();
    await starting.catch(() => {});
    await closeAll(closers);
  });
}

interface Options {
  logger: ReturnType<typeof createLogger>;
  stop: AbortSignal;
  failed: (error: unknown) => void;
  closers: (() => Promise<void>)[];
}

async function start(settings: Settings, { logger, stop, failed, closers }: Options): Promise<void> {
  const { url, key } = settings.demo;
  const deps = { clock: systemClock, logger };
  const untilThere = createUntilThere(settings.process.startWait, stop, deps);
  const log = await openKafkaLog(readKafkaSettings(settings), { logger, metrics: createMetrics(false) });
  closers.push(() => log.close());
  await untilThere('the Log', () => log.ensureTopics(topicSpecs(settings.log)));
  await untilThere('Millrace', () => checkReady(url, stop));
  const demo = createDemo(DEMO_SEED, {
    ...deps,
    key,
    url: () => url,
    hasEvents: () => hasEvents(log),
    failed,
  });
  closers.push(demo.close);
  void demo.start();
  const shownUrl = withoutCredentials(url);
  logger.info({ url: shownUrl }, `sending demo traffic to ${shownUrl}`);
}

async function checkReady(url: string, signal: AbortSignal): Promise<void> {
  const answer = await fetch(`${url}/ready`, { signal }).catch((cause: Error) => cause);
  if (answer instanceof Response && answer.ok) return;
  const found =
    answer instanceof Response ? `answered ${answer.status}` : `did not answer: ${answer.message}`;
  throw new MillraceError({ code: 'not_ready', message: `${withoutCredentials(url)}/ready ${found}.` });
}
