import type { ConsumerHandlers, StoredRecord, Subscription } from '../log.ts';
import { assignPartitions } from './assign-partitions.ts';
import type { LocalPartition } from './local-partition.ts';
import { createHandover, type HandoverDeps, handOver, type Member } from './partition-handover.ts';

export interface ConsumerGroup {
  join(handlers: ConsumerHandlers): Subscription;
}

/** The consumers of one topic and group name inside this process. */
export function createConsumerGroup(
  partitions: readonly LocalPartition[],
  read: (partition: LocalPartition, from: number) => StoredRecord[],
): ConsumerGroup {
  const members: Member[] = [];
  const handovers = partitions.map(createHandover);

  const rebalance = (): void => {
    const current = handovers.map((handover) => handover.wanted);
    const wanted = assignPartitions(members, current);
    for (const [i, handover] of handovers.entries()) {
      handover.wanted = wanted[i]!;
      void handOver(handover, deps);
    }
  };
  const end = (member: Member, error: Error | null): void => {
    // A handler may still throw while its consumer closes: that is reported, too.
    member.error ??= error;
    if (member.ended) return;
    member.ended = true;
    members.splice(members.indexOf(member), 1);
    rebalance();
    if (member.held === 0) member.gone();
  };
  const deps: HandoverDeps = {
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
