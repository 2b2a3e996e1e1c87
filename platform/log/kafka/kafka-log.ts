import { MillraceError } from '#contracts/errors.ts';
import type { TopicName } from '#contracts/log/topics.ts';
import type { Logger } from '#platform/process/reporting/logger.ts';
import type { Metrics } from '#platform/process/reporting/metrics.ts';
import { shareNext } from '#platform/process/tasks/share-next.ts';
import { waitAtMost } from '#platform/process/tasks/within.ts';
import { checkOpen, checkSizes } from '../check-append.ts';
import type { Bounds, Log, Subscription } from '../log.ts';
import { outOfBounds, unavailable, unknownTopic } from './faults.ts';
import { type KafkaClient, kindOf } from './kafka-client.ts';
import { createSender, type Sender } from './kafka-sender.ts';
import { createFetcher } from './read/fetcher.ts';
import { type GroupConsumerEvents, startGroupConsumer } from './read/group-consumer.ts';
import { ensureTopic } from './topics/ensure-topic.ts';
import { createTopicTable, type TopicTable } from './topics/kafka-topics.ts';
import { APPEND_BYTES } from './topics/topic-config.ts';

export interface KafkaLogOptions {
  /** Before the names of topics and groups, so that several Millraces can share brokers. */
  prefix: string;
  /** Copies of each new topic, and how many of them must hold a record before it is acknowledged. */
  replicas: number;
  minInsync: number;
  /** ms without a heartbeat after which a consumer's partitions go to others. */
  session: number;
  /** ms that an append waits for others; see SenderLimits. */
  linger: number;
  pendingBytes: number;
  deadline: number;
}

export interface KafkaLogDeps {
  logger: Logger;
  metrics: Metrics;
}

const BATCH_BYTES = 1_000_000;
const REQUEST_BYTES = 8_000_000;
const COMMIT_EVERY = 5_000;
/** ms for disconnecting from the brokers, when everything is written. */
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * The Log over a client of Kafka; owns the client. The topic's settings determine retention: `release` has no effect,
 * and a consumer that stays away for longer than that ends with `position_out_of_bounds`.
 */
export function createKafkaLog(client: KafkaClient, options: KafkaLogOptions, deps: KafkaLogDeps): Log {
  const { prefix, session, replicas, minInsync } = options;
  const topics = createTopicTable(client);
  const sender = openSender(client, topics, options, deps);
  const fetcher = createFetcher(client, deps.logger);
  const subscriptions = createSubscriptions();
  let closing: Promise<void> | null = null;
  // Handlers that end may still append while the log closes.
  let sealed = false;

  const nameOf = (topic: TopicName): string => `${prefix}${topic}`;
  const readBounds = createBoundsReader(client, topics);
  const shut = async (): Promise<void> => {
    await subscriptions.closeAll();
    sealed = true;
    await sender.drain();
    // Brokers that accept a connection and stay silent would delay a stop for as long as a request may take.
    const closed = Promise.all([fetcher.close(), client.close()]);
    await waitAtMost(closed, CLOSE_TIMEOUT_MS);
  };
  return {
    async ensureTopics(specs) {
      checkOpen(closing === null);
      await Promise.all(
        specs.map((spec) => ensureTopic(client, { name: nameOf(spec.name), spec, replicas, minInsync })),
      );
    },
    async append(topic, partition, records) {
      checkOpen(!sealed);
      checkSizes(records);
      return records.length === 0 ? [] : sender.append(nameOf(topic), partition, records);
    },
    async consume(name, group, handlers) {
      checkOpen(closing === null);
      const topic = nameOf(name);
      await topics.partitions(topic);
      const consumer = startGroupConsumer(
        client,
        fetcher,
        {
          topic,
          group: `${prefix}${group}`,
          session,
          heartbeat: session / 10,
          commitEvery: COMMIT_EVERY,
          handlers,
        },
        groupEvents(group, deps),
      );
      return subscriptions.keep(consumer.close);
    },
    async bounds(topic) {
      checkOpen(!sealed);
      return readBounds(nameOf(topic));
    },
    async tail(name, partition, from, handler, failed) {
      checkOpen(closing === null);
      const topic = nameOf(name);
      await topics.check(topic, partition);
      return subscriptions.keep(fetcher.add({ topic, partition, from, handler, failed }).stop);
    },
    async release(name, partition, before) {
      checkOpen(!sealed);
      const topic = nameOf(name);
      await topics.check(topic, partition);
      const held = (await readBounds(topic)).find((b) => b.partition === partition);
      if (held !== undefined && before > held.end) throw outOfBounds(topic, before, held);
    },
    close: () => {
      closing ??= shut();
      return closing;
    },
  };
}

const openSender = (
  client: KafkaClient,
  topics: TopicTable,
  options: KafkaLogOptions,
  { metrics }: KafkaLogDeps,
): Sender =>
  createSender(
    client,
    topics,
    { ...options, batchBytes: BATCH_BYTES, requestBytes: REQUEST_BYTES, appendBytes: APPEND_BYTES },
    { sent: (seconds) => metrics.observe('millrace_log_append_seconds', seconds) },
  );

/** What the metrics and the log report about a member of a group. */
const groupEvents = (group: string, { logger, metrics }: KafkaLogDeps): GroupConsumerEvents => ({
  rebalanced(partitions) {
    metrics.add('millrace_log_rebalances_total', 1, { group });
    logger.info({ group, partitions }, 'consumer group rebalanced');
  },
  lag: (partition, records) =>
    metrics.set('millrace_log_lag_records', records, { group, partition: String(partition) }),
});

/** Consumers and tails, which run until they are closed, alone or with the log. */
interface Subscriptions {
  keep(close: () => Promise<void>): Subscription;
  closeAll(): Promise<void>;
}

function createSubscriptions(): Subscriptions {
  const open = new Set<Subscription>();
  return {
    keep(close) {
      const subscription = { close: () => close().finally(() => open.delete(subscription)) };
      open.add(subscription);
      return subscription;
    },
    closeAll: async () => void (await Promise.all([...open].map((subscription) => subscription.close()))),
  };
}

/** As `Log.bounds`, by the topic's name at the brokers: never older than the call, and one request at a time. */
const createBoundsReader = (
  client: Pick<KafkaClient, 'bounds'>,
  topics: TopicTable,
): ((topic: string) => Promise<Bounds[]>) =>
  shareNext(async (topic) => {
    try {
      await topics.partitions(topic);
      return await client.bounds(topic);
    } catch (error) {
      if (error instanceof MillraceError) throw error;
      if (kindOf(error) === 'unknown_topic') throw unknownTopic(topic);
      throw unavailable('The brokers do not answer', error);
    }
  });
