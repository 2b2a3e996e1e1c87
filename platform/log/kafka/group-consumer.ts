import type { ConsumerHandlers, Subscription } from '../log.ts';
import { asError } from './faults.ts';
import type { Fetcher } from './fetcher.ts';
import type { GroupMember, JoinOptions, KafkaClient } from './kafka-client.ts';
import type { Reader } from './reader.ts';

export interface GroupConsumerOptions extends Pick<JoinOptions, 'group' | 'topic' | 'session' | 'heartbeat'> {
  handlers: ConsumerHandlers;
  /** ms between two notes of the positions, for those who look at the group's lag. */
  commitEvery: number;
}

export interface GroupConsumerEvents {
  /** The group has divided its partitions: how many are ours now. */
  rebalanced(partitions: number): void;
  lag(partition: number, records: number): void;
}

/**
 * A member of a group and what it owns. A rebalance is eager: all partitions are given up and awaited before the member
 * takes part in it. The brokers let nobody start before every member has, so that an owner never begins before the last
 * one is done; and one pause is over sooner than the two rounds of a cooperative one.
 */
export function startGroupConsumer(
  client: Pick<KafkaClient, 'join'>,
  fetcher: Fetcher,
  options: GroupConsumerOptions,
  events: GroupConsumerEvents,
): Subscription {
  const { handlers, topic, commitEvery } = options;
  /** Partitions on their way to us, or here. */
  const lanes = new Map<number, Promise<void>>();
  const readers = new Map<number, Reader>();
  const leaving = new Map<number, Promise<void>>();
  /** What the group says is ours; it may say so again without having asked for anything back. */
  let wanted: ReadonlySet<number> = new Set();
  let ended: Promise<void> | null = null;
  let error: Error | null = null;

  const open = async (partition: number): Promise<void> => {
    try {
      const from = await handlers.assigned(partition);
      const reader = fetcher.add({
        topic,
        partition,
        from,
        handler: (records) => handlers.batch(partition, records),
        failed: fail,
        lag: (records) => events.lag(partition, records),
      });
      readers.set(partition, reader);
    } catch (cause) {
      fail(asError(cause));
    }
  };
  const give = async (partition: number): Promise<void> => {
    await lanes.get(partition);
    await readers.get(partition)?.stop();
    readers.delete(partition);
    try {
      if (error === null) await handlers.revoked(partition);
    } catch (cause) {
      fail(asError(cause));
    }
    events.lag(partition, 0);
    lanes.delete(partition);
    leaving.delete(partition);
    if (ended === null) settle();
  };
  const settle = (): void => {
    for (const partition of wanted) if (!lanes.has(partition)) lanes.set(partition, open(partition));
    for (const partition of lanes.keys())
      if (!wanted.has(partition) && !leaving.has(partition)) leaving.set(partition, give(partition));
  };
  const giveAll = async (): Promise<void> => {
    wanted = new Set();
    settle();
    await Promise.all(leaving.values());
  };
  const take = (partitions: readonly number[]): void => {
    events.rebalanced(partitions.length);
    if (ended !== null) return;
    wanted = new Set(partitions);
    settle();
  };

  const member = client.join({
    ...options,
    surrender: giveAll,
    assigned: take,
    failed: fail,
  });
  const notes = setInterval(() => notePositions(member, readers.values()), commitEvery);

  const end = async (): Promise<void> => {
    clearInterval(notes);
    await giveAll();
    await member.leave();
    if (error !== null) handlers.failed(error);
  };
  function fail(cause: Error): void {
    error ??= cause;
    ended ??= end();
  }
  return {
    close: () => {
      ended ??= end();
      return ended;
    },
  };
}

function notePositions(member: GroupMember, readers: Iterable<Reader>): void {
  const positions = [...readers].map(({ partition, position }) => ({ partition, position }));
  if (positions.length > 0) void member.commit(positions);
}
