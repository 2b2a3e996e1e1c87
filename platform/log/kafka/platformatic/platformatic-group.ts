import { type BaseOptions, Consumer } from '@platformatic/kafka';
import { MINUTE } from '#contracts/text/duration.ts';
import { waitAtMost } from '#platform/process/tasks/within.ts';
import { ClientError, type GroupMember, type JoinOptions } from '../kafka-client.ts';
import { isProtocolError } from './platformatic-errors.ts';

/** ms for leaving a group, which otherwise times the member out. */
const LEAVE_TIMEOUT_MS = 5_000;
/** ms until the next try, when the library has given up a membership. */
const REJOIN = 1_000;
/** ms that the brokers give all members to join, longest. */
const REBALANCE = MINUTE;
/** Errors that no retry can fix. */
const FINAL = [
  'GROUP_AUTHORIZATION_FAILED',
  'TOPIC_AUTHORIZATION_FAILED',
  'INCONSISTENT_GROUP_PROTOCOL',
  'INVALID_SESSION_TIMEOUT',
];
const NO_DATA = Buffer.alloc(0);

/** Only the membership, without the library's stream: our own reader reads the assigned partitions. */
export function joinPlatformaticGroup(base: BaseOptions, options: JoinOptions): GroupMember {
  const { group, topic, session, heartbeat, revoked, assigned, failed } = options;
  const consumer = new Consumer({
    ...base,
    groupId: group,
    sessionTimeout: session,
    heartbeatInterval: heartbeat,
    rebalanceTimeout: Math.max(session, REBALANCE),
    // The only moment before it joins that the library waits for; there is no data to tell the others.
    protocolsMetadata: async () => {
      await revoked();
      return NO_DATA;
    },
  });
  let left = false;
  let rejoin: NodeJS.Timeout | undefined;
  const tryAgain = (error: unknown): void => {
    if (left) return;
    if (FINAL.some((name) => isProtocolError(error, name))) {
      failed(new ClientError('away', error));
      return;
    }
    // The library may report one loss several times: one retry is enough.
    clearTimeout(rejoin);
    rejoin = setTimeout(join, REJOIN * Math.random());
  };
  const join = (): void => void consumer.joinGroup({}).catch(tryAgain);
  consumer.topics.track(topic);
  consumer.on('consumer:group:join', ({ assignments = [] }) => {
    if (!left) assigned(assignments.find((found) => found.topic === topic)?.partitions ?? []);
  });
  // The library could not regain the membership; without a listener this would end the process.
  consumer.on('error' as never, tryAgain as never);
  join();
  return {
    async commit(positions) {
      const offsets = positions.map(({ partition, position }) => ({
        topic,
        partition,
        offset: BigInt(position),
        leaderEpoch: -1,
      }));
      await consumer.commit({ offsets }).catch(() => {});
    },
    async leave() {
      left = true;
      clearTimeout(rejoin);
      await waitAtMost(
        consumer.close(true).catch(() => {}),
        LEAVE_TIMEOUT_MS,
      );
    },
  };
}
