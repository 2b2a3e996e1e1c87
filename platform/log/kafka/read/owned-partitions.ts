import type { ConsumerHandlers } from '../../log.ts';
import { asError } from '../faults.ts';
import type { Fetcher } from './fetcher.ts';
import type { Reader } from './kafka-reader.ts';

/** What a member of a group owns. */
export interface OwnedPartitions {
  /** These and no others are ours: the missing ones are begun, further ones given up. */
  assign(partitions: readonly number[]): void;
  /** Resolves when nothing is ours and no handler runs. */
  revokeAll(): Promise<void>;
  readers(): Iterable<Reader>;
}

export interface OwnedPartitionsOptions {
  topic: string;
  handlers: ConsumerHandlers;
  lag(partition: number, records: number): void;
  state: { failed(): boolean; ended(): boolean; fail(error: Error): void };
}

export function createOwnedPartitions(
  fetcher: Fetcher,
  { topic, handlers, lag, state }: OwnedPartitionsOptions,
): OwnedPartitions {
  /** Partitions on their way to us, or here. */
  const held = new Map<number, Promise<void>>();
  const readers = new Map<number, Reader>();
  const leaving = new Map<number, Promise<void>>();
  /** What the group has assigned; it may assign the same again without a revocation in between. */
  let wanted: ReadonlySet<number> = new Set();

  const open = async (partition: number): Promise<void> => {
    try {
      const from = await handlers.assigned(partition);
      const reader = fetcher.add({
        topic,
        partition,
        from,
        handler: (records) => handlers.batch(partition, records),
        failed: state.fail,
        lag: (records) => lag(partition, records),
      });
      readers.set(partition, reader);
    } catch (cause) {
      state.fail(asError(cause));
    }
  };
  const revoke = async (partition: number): Promise<void> => {
    await held.get(partition);
    await readers.get(partition)?.stop();
    readers.delete(partition);
    try {
      if (!state.failed()) await handlers.revoked(partition);
    } catch (cause) {
      state.fail(asError(cause));
    }
    lag(partition, 0);
    held.delete(partition);
    leaving.delete(partition);
    if (!state.ended()) reconcile();
  };
  const reconcile = (): void => {
    for (const partition of wanted) if (!held.has(partition)) held.set(partition, open(partition));
    for (const partition of held.keys())
      if (!wanted.has(partition) && !leaving.has(partition)) leaving.set(partition, revoke(partition));
  };
  const revokeAll = async (): Promise<void> => {
    wanted = new Set();
    reconcile();
    await Promise.all(leaving.values());
  };
  return {
    assign(partitions) {
      wanted = new Set(partitions);
      reconcile();
    },
    revokeAll,
    readers: () => readers.values(),
  };
}
