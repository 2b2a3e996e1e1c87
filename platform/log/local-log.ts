import process from 'node:process';
import { MillraceError } from '#contracts/errors.ts';
import type { TopicName, TopicSpec } from '#contracts/topics.ts';
import type { Clock } from '#platform/process/clock.ts';
import { type CommitterLimits, createCommitter } from './committer.ts';
import { type ConsumerGroup, createConsumerGroup } from './consumer-group.ts';
import { type Log, type LogRecord, MAX_RECORD_BYTES, type Subscription } from './log.ts';
import {
  type BatchLimits,
  checkPosition,
  openPartition,
  type Partition,
  peekRecord,
  readBatch,
} from './partition.ts';
import { type Reader, startReader } from './reader.ts';
import { encodeRecord } from './record-codec.ts';
import { type Peek, planDrops } from './retention.ts';
import type { Storage } from './storage.ts';

/** A log that lives in this process. */
export interface LocalLog extends Log {
  /** Drops now what retention allows; also runs by itself. */
  expire(): Promise<void>;
}

export interface LocalLogOptions {
  clock: Clock;
  /** Bounds of one batch of a consumer or a tail. */
  batch: BatchLimits;
  commit: CommitterLimits;
  /** ms between two runs of `expire`. */
  expireEvery: number;
  /** What a run of `expire` by the timer failed with; the next run tries again. */
  onExpireError(error: unknown): void;
}

export const LOCAL_LOG_DEFAULTS = {
  batch: { records: 500, bytes: 4_000_000 },
  commit: { commitBytes: 8_000_000, pendingBytes: 256_000_000, deadline: 30_000 },
  expireEvery: 60_000,
  onExpireError: (error: unknown): void =>
    process.emitWarning(`The log could not drop what its retention allows: ${error}`),
} as const;

/** Records dropped in one commit. */
const DROP_STEP = 1_000;

interface Topic {
  spec: TopicSpec;
  partitions: Partition[];
  groups: Map<string, ConsumerGroup>;
}

/** The Log over a storage in this process; owns the storage. */
export function createLocalLog(storage: Storage, options: LocalLogOptions): LocalLog {
  const committer = createCommitter(storage, options.commit);
  const subscriptions = new Set<Subscription>();
  const topics = new Map<TopicName, Topic>();
  let closing: Promise<void> | null = null;
  // Handlers that end may still append while the log closes.
  let sealed = false;
  let expiring: Promise<void> | null = null;

  const openTopic = (spec: TopicSpec): void => {
    const partitions = Array.from({ length: spec.partitions }, (_, i) =>
      openPartition(storage, spec.name, i),
    );
    topics.set(spec.name, { spec, partitions, groups: new Map() });
  };
  for (const spec of storage.topics()) openTopic(spec);

  const checkOpen = (closed: boolean): void => {
    if (closed) throw new MillraceError({ code: 'shutting_down', message: 'The log is closed.' });
  };
  const topicOf = (name: TopicName): Topic => {
    checkOpen(sealed);
    const topic = topics.get(name);
    if (topic !== undefined) return topic;
    throw new MillraceError({
      code: 'internal',
      message: `Topic ${name} does not exist; ensureTopics creates it.`,
    });
  };
  const partitionOf = (name: TopicName, number: number): Partition => {
    const { partitions } = topicOf(name);
    const partition = partitions[number];
    if (partition !== undefined) return partition;
    throw new MillraceError({
      code: 'internal',
      message: `Topic ${name} has no partition ${number}; it has ${partitions.length}.`,
    });
  };
  const read = (partition: Partition, from: number) => readBatch(storage, partition, from, options.batch);
  const peek: Peek = (partition, offset) => peekRecord(storage, partition, offset);
  const keep = (close: () => Promise<void>): Subscription => {
    const subscription = { close: () => close().finally(() => subscriptions.delete(subscription)) };
    subscriptions.add(subscription);
    return subscription;
  };

  const expireTopic = async ({ spec, partitions }: Topic): Promise<void> => {
    while (closing === null) {
      const drops = planDrops(spec, partitions, options.clock(), peek, DROP_STEP);
      if (drops.length === 0) return;
      await Promise.all(
        drops.map(({ partition, before, bytes }) => committer.submit({ partition, drop: { before, bytes } })),
      );
    }
  };
  const expireAll = async (): Promise<void> => {
    for (const topic of topics.values()) await expireTopic(topic);
  };
  const expire = (): Promise<void> => {
    // Two runs at once would drop the same records twice.
    expiring ??= expireAll().finally(() => {
      expiring = null;
    });
    return expiring;
  };
  const timer = setInterval(() => void expire().catch(options.onExpireError), options.expireEvery).unref();

  const shut = async (): Promise<void> => {
    clearInterval(timer);
    await Promise.all([...subscriptions].map((s) => s.close()));
    sealed = true;
    await expiring?.catch(() => {
      // Whoever asked for that run has the error.
    });
    await committer.drain();
    await storage.close();
  };

  return {
    async ensureTopics(specs) {
      checkOpen(closing !== null);
      for (const spec of specs) {
        const topic = topics.get(spec.name);
        checkPartitions(spec, topic?.spec);
        await storage.saveTopic(spec);
        if (topic === undefined) openTopic(spec);
        else topic.spec = spec;
      }
    },
    async append(name, number, records) {
      const partition = partitionOf(name, number);
      checkSizes(records);
      if (records.length === 0) return [];
      const time = options.clock();
      const first = await committer.submit({ partition, append: records.map((r) => encodeRecord(r, time)) });
      return records.map((_, i) => first + i);
    },
    async consume(name, group, handlers) {
      checkOpen(closing !== null);
      const topic = topicOf(name);
      const consumers = topic.groups.get(group) ?? createConsumerGroup(topic.partitions, read);
      topic.groups.set(group, consumers);
      return keep(consumers.join(handlers).close);
    },
    async bounds(name) {
      return topicOf(name).partitions.map(({ number, state: { start, end } }) => ({
        partition: number,
        start,
        end,
      }));
    },
    async tail(name, number, from, handler, failed) {
      checkOpen(closing !== null);
      const partition = partitionOf(name, number);
      const reader: Reader = startReader({ partition, from, read, handler, failed });
      return keep(reader.stop);
    },
    async release(name, number, before) {
      const partition = partitionOf(name, number);
      if (before > partition.state.end) checkPosition(partition, before);
      await committer.submit({ partition, release: before });
    },
    expire,
    close: () => {
      closing ??= shut();
      return closing;
    },
  };
}

function checkPartitions(wanted: TopicSpec, found: TopicSpec | undefined): void {
  if (found === undefined || found.partitions === wanted.partitions) return;
  throw new MillraceError({
    code: 'unsupported_format',
    message: `Topic ${wanted.name} has ${found.partitions} partitions, not ${wanted.partitions}; the number is fixed when it is created.`,
    field: 'partitions',
  });
}

function checkSizes(records: readonly LogRecord[]): void {
  const large = records.find((r) => r.value.length > MAX_RECORD_BYTES);
  if (large === undefined) return;
  throw new MillraceError({
    code: 'out_of_range',
    message: `A record of ${large.value.length} bytes; the log takes at most ${MAX_RECORD_BYTES}.`,
    field: 'value',
  });
}
