import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { Logger } from '#platform/process/reporting/logger.ts';
import { type KafkaClient, kindOf } from '../kafka-client.ts';
import { createOutage } from '../outage.ts';
import { createReader, type Reader, type ReaderOptions } from './kafka-reader.ts';
import { createLeaderTable } from './leader-table.ts';
import { endLost, poll } from './poll-node.ts';

/** Reads for all consumers and tails of a log: one request a node at a time, for every reader that can take more. */
export interface Fetcher {
  add(options: ReaderOptions): Reader;
  /** Resolves when nothing is asked for any more; readers must have been stopped. */
  close(): Promise<void>;
}

export function createFetcher(
  client: Pick<KafkaClient, 'fetch' | 'leaders' | 'bounds'>,
  logger: Logger,
): Fetcher {
  const readers = new Set<Reader>();
  const loops = new Map<number, Promise<void>>();
  const wakers = new Set<() => void>();
  const outage = createOutage(logger);
  const leaders = createLeaderTable(client, outage);
  let closed = false;
  let placing: Promise<void> | null = null;
  let turn = 0;

  const wake = (): void => {
    for (const waker of wakers) waker();
    wakers.clear();
  };
  /** Gives every reader to the loop of its node. */
  const place = (): void => {
    placing ??= placeAll().finally(() => {
      placing = null;
    });
  };
  const placeAll = async (): Promise<void> => {
    await null;
    await leaders.find(readers, () => closed);
    for (const reader of readers) {
      const node = leaders.nodeOf(reader);
      if (node !== undefined && !loops.has(node)) loops.set(node, run(node));
    }
    wake();
  };
  const recover = async (error: unknown, asked: readonly Reader[]): Promise<void> => {
    if (closed) return;
    leaders.forget(asked.map((reader) => reader.topic));
    if (kindOf(error) === 'out_of_range') await endLost(client, asked).catch(outage.failed);
    else await outage.failed(error);
    place();
  };
  const run = async (node: number): Promise<void> => {
    await null;
    while (!closed) {
      const mine = [...readers].filter((reader) => leaders.nodeOf(reader) === node);
      if (mine.length === 0) break;
      const idle = mine.filter((reader) => reader.idle);
      if (idle.length === 0) {
        await new Promise<void>((resolve) => wakers.add(resolve));
        continue;
      }
      turn += 1;
      try {
        await poll(client, node, { idle, busy: mine.filter((reader) => !reader.idle), turn });
        outage.worked();
      } catch (error) {
        await recover(error, idle);
      }
      // What was delivered gets its turn, and what is done at once can be asked for again.
      await yieldToEvents();
    }
    loops.delete(node);
    if (!closed) place();
  };
  return {
    add(options) {
      const reader = createReader(options, wake, (ended) => readers.delete(ended));
      readers.add(reader);
      place();
      return reader;
    },
    async close() {
      closed = true;
      wake();
      await placing;
      await Promise.all(loops.values());
    },
  };
}
