import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { Clock } from '#platform/process/clock.ts';
import type { Committer } from './committer.ts';
import { peekRecord } from './local-partition.ts';
import { type Peek, planDrops } from './log-retention.ts';
import type { Storage } from './storage.ts';
import type { Topic, TopicTable } from './topic-table.ts';

export interface ExpirerOptions {
  clock: Clock;
  /** ms between two runs. */
  expireEvery: number;
  /** What a run by the timer failed with; the next run tries again. */
  onExpireError(error: unknown): void;
}

export interface Expirer {
  /** Drops what retention allows now. A call while one runs shares it. */
  expire(): Promise<void>;
  /** Resolves when no run drops anything; none begins to until the returned function was called. */
  hold(): Promise<() => void>;
  /** Resolves when nothing runs; nothing runs after it. */
  stop(): Promise<void>;
}

/** Records dropped in one commit. */
const STEP = 500;

/** Runs retention, on request and periodically. */
export function startExpirer(
  storage: Storage,
  topics: TopicTable,
  committer: Committer,
  { clock, expireEvery, onExpireError }: ExpirerOptions,
): Expirer {
  let stopped = false;
  let holders = 0;
  let running: Promise<void> | null = null;
  const peek: Peek = (partition, offset) => peekRecord(storage, partition, offset);

  const expireTopic = async ({ spec, partitions }: Topic): Promise<void> => {
    while (!stopped && holders === 0) {
      const drops = planDrops(spec, partitions, clock(), peek, STEP);
      if (drops.length === 0) return;
      await Promise.all(
        drops.map(({ partition, before, bytes }) => committer.submit({ partition, drop: { before, bytes } })),
      );
      await yieldToEvents();
    }
  };
  const run = async (): Promise<void> => {
    for (const topic of topics.all()) await expireTopic(topic);
  };
  const expire = (): Promise<void> => {
    // Two runs at once would drop the same records twice.
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  };
  const timer = setInterval(() => void expire().catch(onExpireError), expireEvery).unref();
  return {
    expire,
    async hold() {
      holders += 1;
      await running?.catch(() => {
        // The caller that asked for that run has the error.
      });
      let held = true;
      return () => {
        if (held) holders -= 1;
        held = false;
      };
    },
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await running?.catch(() => {
        // The caller that asked for that run has the error.
      });
    },
  };
}
