import { setTimeout as wait, setImmediate as yieldToEvents } from 'node:timers/promises';
import { backoffDelay } from '#platform/process/backoff.ts';
import type { Logger } from '#platform/process/logger.ts';
import { choosePositions } from './choose-positions.ts';
import { outOfBounds, unknownTopic } from './faults.ts';
import { type KafkaClient, kindOf, type Position } from './kafka-client.ts';
import { createReader, type Reader, type ReaderOptions } from './reader.ts';

/** Reads for all consumers and tails of a log: one request a node at a time, for every reader that can take more. */
export interface Fetcher {
  add(options: ReaderOptions): Reader;
  /** Resolves when nothing is asked for any more; readers must have been stopped. */
  close(): Promise<void>;
}

/** ms that a node waits for the first record. A reader that becomes idle meanwhile waits as long. */
const LONGEST_WAIT = 100;
/** While handlers run the wait is a part of their time, so that what they do next is hardly later for it. */
const SHARE = 0.25;
const SHORTEST_WAIT = 5;
const PAUSE = { first: 100, most: 1_000, random: Math.random };

/** How long a request may wait for its first record while these readers are busy, ms. */
function waitBeside(busy: readonly Reader[]): number {
  const now = performance.now();
  const shortest = Math.min(...busy.map((reader) => (now - reader.since) * SHARE), LONGEST_WAIT);
  return Math.max(SHORTEST_WAIT, Math.round(shortest));
}

export function createFetcher(
  client: Pick<KafkaClient, 'fetch' | 'leaders' | 'bounds'>,
  logger: Logger,
): Fetcher {
  const readers = new Set<Reader>();
  const leaders = new Map<string, readonly number[]>();
  const loops = new Map<number, Promise<void>>();
  const wakers = new Set<() => void>();
  let closed = false;
  let placing: Promise<void> | null = null;
  let failures = 0;
  let turn = 0;

  const wake = (): void => {
    for (const waker of wakers) waker();
    wakers.clear();
  };
  const nodeOf = ({ topic, partition }: Reader): number | undefined => leaders.get(topic)?.[partition];

  const noteFailure = async (error: unknown): Promise<void> => {
    failures += 1;
    if (failures === 1)
      logger.warn({ code: 'log_unavailable', err: error }, 'the brokers cannot be read from');
    await wait(backoffDelay(failures, PAUSE));
  };
  const noteSuccess = (): void => {
    if (failures > 0) logger.info({ failures }, 'the brokers can be read from again');
    failures = 0;
  };

  /** Ends the readers whose position the partition no longer holds, or never did. */
  const endLost = async (asked: readonly Reader[]): Promise<void> => {
    for (const topic of new Set(asked.map((reader) => reader.topic))) {
      const bounds = await client.bounds(topic);
      for (const reader of asked) {
        const held = bounds.find((b) => b.partition === reader.partition);
        if (reader.topic !== topic || held === undefined) continue;
        if (reader.position < held.start || reader.position > held.end)
          reader.fail(outOfBounds(topic, reader.position, held));
      }
    }
  };

  const poll = async (node: number, idle: readonly Reader[], busy: readonly Reader[]): Promise<void> => {
    const { asked, crowded } = choosePositions(idle);
    const positions = asked.map(({ topic, partition, position }) => ({ topic, partition, position }));
    turn += 1;
    for (const reader of asked) reader.turn = turn;
    const answers = await client.fetch(node, positions, crowded ? SHORTEST_WAIT : waitBeside(busy));
    for (const answer of answers) {
      const of = (p: Position) => p.topic === answer.topic && p.partition === answer.partition;
      const { position } = positions.find(of)!;
      for (const reader of idle) if (of(reader) && reader.position === position) reader.deliver(answer);
    }
  };

  const recover = async (error: unknown, idle: readonly Reader[]): Promise<void> => {
    if (closed) return;
    for (const reader of idle) leaders.delete(reader.topic);
    if (kindOf(error) === 'out_of_range') await endLost(idle).catch(noteFailure);
    else await noteFailure(error);
    place();
  };

  /** Asks for the leaders that are not known, and gives every reader to the loop of its node. */
  const place = (): void => {
    placing ??= findLeaders().finally(() => {
      placing = null;
    });
  };
  const findLeaders = async (): Promise<void> => {
    await null;
    for (;;) {
      const reader = [...readers].find((r) => nodeOf(r) === undefined);
      if (reader === undefined || closed) break;
      try {
        leaders.set(reader.topic, await client.leaders(reader.topic));
        if (nodeOf(reader) === undefined || nodeOf(reader)! < 0) throw new Error('no leader is elected yet');
      } catch (error) {
        leaders.delete(reader.topic);
        if (kindOf(error) === 'unknown_topic') reader.fail(unknownTopic(reader.topic));
        else if (!closed) await noteFailure(error);
      }
    }
    for (const reader of readers) {
      const node = nodeOf(reader);
      if (node !== undefined && !loops.has(node)) loops.set(node, run(node));
    }
    wake();
  };

  const run = async (node: number): Promise<void> => {
    await null;
    while (!closed) {
      const mine = [...readers].filter((reader) => nodeOf(reader) === node);
      if (mine.length === 0) break;
      const idle = mine.filter((reader) => reader.idle);
      if (idle.length === 0) {
        await new Promise<void>((resolve) => wakers.add(resolve));
        continue;
      }
      try {
        await poll(
          node,
          idle,
          mine.filter((reader) => !reader.idle),
        );
        noteSuccess();
      } catch (error) {
        await recover(error, idle);
      }
      // What was delivered gets its turn, and what is done at once can be asked for again.
      await yieldToEvents();
    }
    loops.delete(node);
    if (!closed && [...readers].some((reader) => nodeOf(reader) === node)) place();
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
