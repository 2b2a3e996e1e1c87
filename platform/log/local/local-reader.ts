import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { StoredRecord } from '../log.ts';
import { checkPosition, type LocalPartition } from './local-partition.ts';

export interface Reader {
  /** Resolves when the handler runs no more. */
  stop(): Promise<void>;
}

export interface ReaderOptions {
  partition: LocalPartition;
  from: number;
  /** Returns at least one record. */
  read(partition: LocalPartition, from: number): StoredRecord[];
  handler(records: StoredRecord[]): Promise<void> | void;
  /** The reader has ended: the handler threw, or the position is out of bounds. Called at most once. */
  failed(error: Error): void;
}

/** Reads one partition in order, wakes at once when it grows, and asks for more only when the handler is done. */
export function startReader({ partition, from, read, handler, failed }: ReaderOptions): Reader {
  let stopped = false;
  let wake = (): void => {};
  const watcher = (): void => wake();
  const run = async (): Promise<void> => {
    // No handler runs before the caller holds its subscription.
    await yieldToEvents();
    for (let position = from; !stopped; ) {
      checkPosition(partition, position);
      if (position === partition.state.end) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const records = read(partition, position);
      await handler(records);
      position = records.at(-1)!.offset + 1;
      // A handler that never waits must not keep the process from its timers and sockets.
      await yieldToEvents();
    }
  };
  partition.watchers.add(watcher);
  const done = run()
    .catch((error: unknown) => failed(error instanceof Error ? error : new Error(String(error))))
    .finally(() => partition.watchers.delete(watcher));
  return {
    stop: () => {
      stopped = true;
      wake();
      return done;
    },
  };
}
