import { type Consumer, type Kafka, type PartitionAssigner, PartitionAssigners } from 'kafkajs';
import { waitAtMost } from '#platform/process/tasks/within.ts';
import { ClientError, type GroupMember, type JoinOptions } from '../kafka-client.ts';
import { typeOf } from './kafkajs-errors.ts';

/** ms for leaving a group, which otherwise times the member out. */
const LEAVE_TIMEOUT_MS = 5_000;
/** ms until the next try, when the library has given up a membership. */
const REJOIN = 1_000;
/** Errors that no retry can fix. */
const FINAL = new Set([
  'GROUP_AUTHORIZATION_FAILED',
  'TOPIC_AUTHORIZATION_FAILED',
  'INCONSISTENT_GROUP_PROTOCOL',
  'INVALID_SESSION_TIMEOUT',
]);
/** ms between two polls of a consumer that has everything paused: it sends its heartbeats in between. */
const LOOK = 100;

/** Only the membership: all partitions of kafkajs's consumer stay paused, since our own reader reads them. */
export function joinKafkajsGroup(kafka: Kafka, options: JoinOptions): GroupMember {
  const { group, topic, session, heartbeat, assigned, failed } = options;
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: session,
    heartbeatInterval: heartbeat,
    maxWaitTimeInMs: LOOK,
    allowAutoTopicCreation: false,
    partitionAssigners: [waitingAssigner(options.revoked)],
  });
  let left = false;
  let again: NodeJS.Timeout | undefined;
  const begin = (): void => void start(consumer, topic).catch(end);
  /** kafkajs treats some transient errors as final ones. */
  const end = (error: Error): void => {
    if (left) return;
    if (FINAL.has(typeOf(error) ?? '') || error.name === 'KafkaJSSASLAuthenticationError')
      failed(new ClientError('away', error));
    else again = setTimeout(begin, REJOIN * Math.random());
  };
  consumer.on('consumer.group_join', ({ payload }) => {
    consumer.pause([{ topic }]);
    if (!left) assigned(payload.memberAssignment[topic] ?? []);
  });
  consumer.on('consumer.crash', ({ payload }) => {
    if (!payload.restart) end(payload.error);
  });
  begin();
  return {
    async commit(positions) {
      const offsets = positions.map(({ partition, position }) => ({
        topic,
        partition,
        offset: String(position),
      }));
      await consumer.commitOffsets(offsets).catch(() => {});
    },
    async leave() {
      left = true;
      clearTimeout(again);
      await waitAtMost(
        consumer.disconnect().catch(() => {}),
        LEAVE_TIMEOUT_MS,
      );
    },
  };
}

async function start(consumer: Consumer, topic: string): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topics: [topic] });
  await consumer.run({ autoCommit: false, eachBatch: async () => {} });
}

/**
 * kafkajs does not wait before it joins again. What it awaits first is the search for the group's coordinator, so
 * that waits for us. The name is that of the other client's assigner: members of both can share a group.
 */
function waitingAssigner(revoked: () => Promise<void>): PartitionAssigner {
  return (config) => {
    const { cluster } = config;
    const find = cluster.findGroupCoordinator.bind(cluster);
    cluster.findGroupCoordinator = async (group) => {
      await revoked();
      return find(group);
    };
    const assigner = PartitionAssigners.roundRobin(config);
    const name = 'roundrobin';
    return { ...assigner, name, protocol: (subscription) => ({ ...assigner.protocol(subscription), name }) };
  };
}
