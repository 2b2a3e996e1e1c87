import type { ConsumerHandlers, StoredRecord, Subscription } from '../log.ts';
import { assignPartitions } from './assign-partitions.ts';
import type { Partition } from './local-partition.ts';
import { createLane, type LaneDeps, type Member, moveLane } from './partition-handover.ts';

export interface ConsumerGroup {
  join(handlers: ConsumerHandlers): Subscription;
}

/** The consumers of one topic and group name inside this process. */
export function createConsumerGroup(
  partitions: readonly Partition[],
  read: (partition: Partition, from: number) => StoredRecord[],
): ConsumerGroup {
  const members: Member[] = [];
  const lanes = partitions.map(createLane);

  const rebalance = (): void => {
    const current = lanes.map((lane) => lane.wanted);
    const wanted = assignPartitions(members, current);
    for (const [i, lane] of lanes.entries()) {
      lane.wanted = wanted[i]!;
      void moveLane(lane, deps);
    }
  };
  const end = (member: Member, error: Error | null): void => {
    // A handler may still throw while its consumer closes: that is told, too.
    member.error ??= error;
    if (member.ended) return;
    member.ended = true;
    members.splice(members.indexOf(member), 1);
    rebalance();
    if (member.held === 0) member.gone();
  };
  const deps: LaneDeps = {
    read,
    fail: (member, error) => end(member, error instanceof Error ? error : new Error(String(error))),
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
