import { openKafkaLog } from '#platform/log/kafka/open-kafka-log.ts';
import { readKafkaSettings } from '#platform/log/kafka/read-kafka-settings.ts';
import type { Log } from '#platform/log/log.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import type { Store } from '#platform/store/store.ts';
import { type Audience, type Followed, openAudience } from './followers.ts';
import { createQuietTimes, type QuietTimes } from './quiet-times.ts';
import { awaitKnown, define } from './run-metrics.ts';
import { type Stack, type StackOptions, startStack } from './start-stack.ts';

/** What lasts over all runs of the matrix. */
export interface MatrixWorld {
  stack: Stack;
  log: Log;
  store: Store;
  gateways: string[];
  audience: Audience;
  /** A view of everything, followed from the first run to the last. */
  lasting: Followed[];
  quiet: QuietTimes;
  close(): Promise<void>;
}

const EVERYTHING = 'everything';

export async function openMatrixWorld(size: StackOptions): Promise<MatrixWorld> {
  const stack = await startStack(size);
  const gateways = stack.gateway.map(({ url }) => url);
  const log = await openKafkaLog(
    readKafkaSettings(readSettings({ MILLRACE_KAFKA_BROKERS: stack.broker.url })),
    { logger: createLogger('silent', 'matrix'), metrics: createMetrics(false) },
  );
  const store = stack.openStore();
  const audience = openAudience(gateways);
  const close = async (): Promise<void> => {
    await audience.close();
    // The broker must still run, because its clients leave their group.
    await Promise.all([log.close(), store.close()]);
    await stack.close();
  };
  try {
    const metric = { event: '*', aggregate: 'count', groupBy: ['shop'], window: '10s', lateness: '30m' };
    await define(gateways[0]!, EVERYTHING, metric);
    await awaitKnown(gateways, EVERYTHING);
    const lasting = await audience.follow({ metric: EVERYTHING, range: '30m' });
    return { stack, log, store, gateways, audience, lasting, quiet: createQuietTimes(), close };
  } catch (error) {
    await close();
    throw error;
  }
}
