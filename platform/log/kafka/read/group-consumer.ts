import type { ConsumerHandlers, Subscription } from '../../log.ts';
import type { GroupMember, JoinOptions, KafkaClient } from '../kafka-client.ts';
import type { Fetcher } from './fetcher.ts';
import type { Reader } from './kafka-reader.ts';
import { createOwnedPartitions } from './owned-partitions.ts';

export interface GroupConsumerOptions extends Pick<JoinOptions, 'group' | 'topic' | 'session' | 'heartbeat'> {
  handlers: ConsumerHandlers;
  /** ms between two commits of the positions, which show the group's lag to tools. */
  commitEvery: number;
}

export interface GroupConsumerEvents {
  /** The group has divided its partitions: how many are ours now. */
  rebalanced(partitions: number): void;
  lag(partition: number, records: number): void;
}

/**
 * A member of a group and what it owns. A rebalance is eager: all partitions are given up and awaited before the member
 * takes part in it. The brokers let no member start before every member has, so that an owner never begins before the last
 * one is done; and one pause is over sooner than the two rounds of a cooperative one.
 */
export function startGroupConsumer(
  client: Pick<KafkaClient, 'join'>,
  fetcher: Fetcher,
  options: GroupConsumerOptions,
  events: GroupConsumerEvents,
): Subscription {
  const { handlers, topic, commitEvery } = options;
  let ended: Promise<void> | null = null;
  let error: Error | null = null;

  const owned = createOwnedPartitions(fetcher, {
    topic,
    handlers,
    lag: events.lag,
    state: { failed: () => error !== null, ended: () => ended !== null, fail },
  });
  const assigned = (partitions: readonly number[]): void => {
    events.rebalanced(partitions.length);
    if (ended === null) owned.assign(partitions);
  };

  const member = client.join({
    ...options,
    revoked: owned.revokeAll,
    assigned: assigned,
    failed: fail,
  });
  const notes = setInterval(() => notePositions(member, owned.readers()), commitEvery);

  const end = async (): Promise<void> => {
    clearInterval(notes);
    await owned.revokeAll();
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
