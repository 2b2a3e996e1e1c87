import { assignPartitions } from './assign-partitions.ts';
import type { ConsumerHandlers, StoredRecord, Subscription } from './log.ts';
import type { Partition } from './partition.ts';
import { type Reader, startReader } from './reader.ts';

interface Member {
  handlers: ConsumerHandlers;
  /** Lanes it owns now. */
  held: number;
  /** Left or failed; its lanes go elsewhere. */
  ended: boolean;
  error: Error | null;
  /** Called when it has ended and holds nothing. */
  gone: () => void;
}

/** One partition's way from owner to owner. */
interface Lane {
  partition: Partition;
  wanted: Member | null;
  owner: Member | null;
  reader: Reader | null;
  moving: boolean;
}

export interface ConsumerGroup {
  join(handlers: ConsumerHandlers): Subscription;
}

/** The consumers of one topic and group name inside this process. */
export function createConsumerGroup(
  partitions: readonly Partition[],
  read: (partition: Partition, from: number) => StoredRecord[],
): ConsumerGroup {
  const members: Member[] = [];
  const lanes = partitions.map(
    (partition): Lane => ({ partition, wanted: null, owner: null, reader: null, moving: false }),
  );

  const rebalance = (): void => {
    const wanted = assignPartitions(
      members,
      lanes.map((lane) => lane.wanted),
    );
    for (const [i, lane] of lanes.entries()) {
      lane.wanted = wanted[i]!;
      if (!lane.moving) void move(lane);
    }
  };

  const end = (member: Member, error: Error | null): void => {
    if (member.ended) return;
    member.ended = true;
    member.error = error;
    members.splice(members.indexOf(member), 1);
    rebalance();
    if (member.held === 0) member.gone();
  };

  /** Runs a handler; what it throws ends the member. */
  const attempt = async <T>(member: Member, call: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await call();
    } catch (error) {
      end(member, error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  };

  const leave = async (lane: Lane, member: Member): Promise<void> => {
    await lane.reader?.stop();
    lane.reader = null;
    if (member.error === null) await attempt(member, () => member.handlers.revoked(lane.partition.number));
    lane.owner = null;
    member.held--;
    if (member.ended && member.held === 0) member.gone();
  };

  const enter = async (lane: Lane, member: Member): Promise<void> => {
    lane.owner = member;
    member.held++;
    const { partition } = lane;
    const from = await attempt(member, () => member.handlers.assigned(partition.number));
    if (from === undefined || lane.wanted !== member) return;
    lane.reader = startReader({
      partition,
      from,
      read,
      handler: (records) => member.handlers.batch(partition.number, records),
      failed: (error) => end(member, error),
    });
  };

  const move = async (lane: Lane): Promise<void> => {
    lane.moving = true;
    while (lane.owner !== lane.wanted) {
      if (lane.owner !== null) await leave(lane, lane.owner);
      else await enter(lane, lane.wanted!);
    }
    lane.moving = false;
  };

  return {
    join(handlers) {
      const gone = Promise.withResolvers<void>();
      const member: Member = { handlers, held: 0, ended: false, error: null, gone: gone.resolve };
      const left = gone.promise.then(() => {
        if (member.error !== null) handlers.failed(member.error);
      });
      members.push(member);
      rebalance();
      return {
        close: () => {
          end(member, null);
          return left;
        },
      };
    },
  };
}
