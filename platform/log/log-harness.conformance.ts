import { expect, vi } from 'vitest';
import type { TopicSpec } from '#contracts/log/topics.ts';
import type { ConsumerHandlers, Log, LogRecord, StoredRecord } from './log.ts';

/** A fresh, empty log for one test. */
export interface LogHarness {
  log: Log;
  /** A second client of the same log, as another process would have; the same object where only one can exist. */
  other: Log;
  /** Closes both and removes what they left. */
  dispose(): Promise<void>;
}

export const PARTITIONS = 4;
export const SPECS: TopicSpec[] = [
  { name: 'events', partitions: PARTITIONS, retention: null, bytes: null },
  { name: 'updates', partitions: 1, retention: null, bytes: null },
];

export const recordOf = (text: string): LogRecord => ({ key: null, value: Buffer.from(text), headers: {} });
export const textOf = (record: StoredRecord): string => Buffer.from(record.value).toString();

/** Waits for an outcome; the deadline is that of a broker's rebalance, not of the log's speed. */
export const eventually = async (check: () => unknown): Promise<void> => {
  await vi.waitFor(check, { timeout: 30_000, interval: 2 });
};

export interface Recorder extends ConsumerHandlers {
  owned: Set<number>;
  /** Texts per partition, in the order of delivery. */
  texts: string[][];
  failures: Error[];
}

/**
 * A consumer that writes down what happens and keeps its positions in `positions`, which members of a group may share.
 * `onBatch` runs before a batch counts as done.
 */
export function createRecorder(
  positions: number[],
  onBatch: (partition: number, texts: string[]) => Promise<void> | void = () => {},
): Recorder {
  const owned = new Set<number>();
  const running = new Set<number>();
  const texts: string[][] = positions.map(() => []);
  const failures: Error[] = [];
  return {
    owned,
    texts,
    failures,
    async assigned(partition) {
      expect(owned.has(partition)).toBe(false);
      owned.add(partition);
      return positions[partition]!;
    },
    async revoked(partition) {
      expect(running.has(partition), 'revoked while a batch runs').toBe(false);
      expect(owned.delete(partition)).toBe(true);
    },
    async batch(partition, records) {
      expect(owned.has(partition), 'batch of a partition that is not ours').toBe(true);
      expect(running.has(partition), 'two batches of a partition at once').toBe(false);
      expect(records.length).toBeGreaterThan(0);
      running.add(partition);
      await onBatch(partition, records.map(textOf));
      texts[partition]!.push(...records.map(textOf));
      positions[partition] = records.at(-1)!.offset + 1;
      running.delete(partition);
    },
    failed: (error) => void failures.push(error),
  };
}

export const startsOf = async (log: Log): Promise<number[]> =>
  (await log.bounds('events')).map((b) => b.start);
