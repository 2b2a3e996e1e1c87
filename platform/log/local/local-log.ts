import process from 'node:process';
import type { TopicName } from '#contracts/log/topics.ts';
import { MINUTE } from '#contracts/text/duration.ts';
import { checkOpen, checkSizes } from '../check-append.ts';
import type { Log, Subscription } from '../log.ts';
import { type CommitterLimits, createCommitter } from './committer.ts';
import { createConsumerGroup } from './consumer-group.ts';
import { type ExpirerOptions, startExpirer } from './expirer.ts';
import { type BatchLimits, checkPosition, type LocalPartition, readBatch } from './local-partition.ts';
import { startReader } from './local-reader.ts';
import { encodeRecord } from './record-codec.ts';
import type { Storage } from './storage.ts';
import { createTopicTable } from './topic-table.ts';

/** A log that lives in this process. */
export interface LocalLog extends Log {
  /** Drops now what retention allows; also runs periodically. */
  expire(): Promise<void>;
  /** Resolves when retention drops nothing; it drops nothing until the returned function was called. */
  holdRetention(): Promise<() => void>;
}

export interface LocalLogOptions extends ExpirerOptions {
  /** Bounds of one batch of a consumer or a tail. */
  batch: BatchLimits;
  commit: CommitterLimits;
  /** Throws when the topic takes no records now; nothing was taken then. Default: it always does. */
  checkAppend?: (topic: TopicName) => void;
}

export const LOCAL_LOG_DEFAULTS = {
  batch: { records: 500, bytes: 4_000_000 },
  commit: { commitBytes: 8_000_000, pendingBytes: 256_000_000, deadline: 30_000 },
  expireEvery: MINUTE,
  onExpireError: (error: unknown): void =>
    process.emitWarning(`The log could not delete expired records: ${error}`),
} as const;

/** The Log over a storage in this process; owns the storage. */
export function createLocalLog(storage: Storage, options: LocalLogOptions): LocalLog {
  const topics = createTopicTable(storage);
  const committer = createCommitter(storage, options.commit);
  const expirer = startExpirer(storage, topics, committer, options);
  const subscriptions = new Set<Subscription>();
  let closing: Promise<void> | null = null;
  // Handlers that end may still append while the log closes.
  let sealed = false;

  const read = (partition: LocalPartition, from: number) =>
    readBatch(storage, partition, from, options.batch);
  const keep = (close: () => Promise<void>): Subscription => {
    const subscription = { close: () => close().finally(() => subscriptions.delete(subscription)) };
    subscriptions.add(subscription);
    return subscription;
  };
  const shut = async (): Promise<void> => {
    await Promise.all([...subscriptions].map((s) => s.close()));
    sealed = true;
    await expirer.stop();
    await committer.drain();
    await storage.close();
  };

  return {
    async ensureTopics(specs) {
      checkOpen(closing === null);
      for (const spec of specs) await topics.ensure(spec);
    },
    async append(name, number, records) {
      checkOpen(!sealed);
      const partition = topics.partition(name, number);
      checkSizes(records);
      if (records.length === 0) return [];
      options.checkAppend?.(name);
      const time = options.clock();
      const first = await committer.submit({ partition, append: records.map((r) => encodeRecord(r, time)) });
      return records.map((_, i) => first + i);
    },
    async consume(name, group, handlers) {
      checkOpen(closing === null);
      const { groups, partitions } = topics.topic(name);
      const consumers = groups.get(group) ?? createConsumerGroup(partitions, read);
      groups.set(group, consumers);
      return keep(consumers.join(handlers).close);
    },
    async bounds(name) {
      checkOpen(!sealed);
      return topics
        .topic(name)
        .partitions.map(({ number, state: { start, end } }) => ({ partition: number, start, end }));
    },
    async tail(name, number, from, handler, failed) {
      checkOpen(closing === null);
      const partition = topics.partition(name, number);
      return keep(startReader({ partition, from, read, handler, failed }).stop);
    },
    async release(name, number, before) {
      checkOpen(!sealed);
      const partition = topics.partition(name, number);
      // What is gone already may be released; what is not there yet may not.
      checkPosition(partition, Math.max(before, partition.state.start));
      await committer.submit({ partition, release: before });
    },
    expire: expirer.expire,
    holdRetention: expirer.hold,
    close: () => {
      closing ??= shut();
      return closing;
    },
  };
}
