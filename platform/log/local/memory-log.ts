import type { TopicName } from '#contracts/log/topics.ts';
import { type Clock, systemClock } from '#platform/process/clock.ts';
import { createLocalLog, LOCAL_LOG_DEFAULTS, type LocalLog } from './local-log.ts';
import type { BatchLimits } from './local-partition.ts';
import { createMemoryStorage } from './memory-storage.ts';

export interface MemoryLogOptions {
  /** Default: the system's. */
  clock?: Clock;
  batch?: BatchLimits;
  /** Called with every append, which rejects with the error returned and stores nothing; null lets it through. */
  failAppend?: (topic: TopicName, partition: number, records: number) => Error | null;
}

/** The reference adapter of the Log: everything of the contract but durability. */
export function createMemoryLog({ clock = systemClock, batch, failAppend }: MemoryLogOptions = {}): LocalLog {
  const log = createLocalLog(createMemoryStorage(), {
    ...LOCAL_LOG_DEFAULTS,
    clock,
    batch: batch ?? LOCAL_LOG_DEFAULTS.batch,
  });
  if (failAppend === undefined) return log;
  return {
    ...log,
    async append(topic, partition, records) {
      const error = failAppend(topic, partition, records.length);
      if (error !== null) throw error;
      return log.append(topic, partition, records);
    },
  };
}
