import { setTimeout as wait } from 'node:timers/promises';
import { type Consumer, type Kafka, type PartitionAssigner, PartitionAssigners } from 'kafkajs';
import { ClientError, type GroupMember, type JoinOptions } from '../kafka-client.ts';

/** ms for leaving a group; after that it counts the member out by itself. */
const FAREWELL = 5_000;
/** ms between two looks of a consumer that has everything paused: it sends its signs of life in between. */
const LOOK = 100;

/** A membership and nothing else: all partitions of kafkajs's consumer are paused, for the reader reads them. */
export function joinKafkajsGroup(kafka: Kafka, options: JoinOptions): GroupMember {
  const { group, topic, session, heartbeat, assigned, failed } = options;
  const consumer = kafka.consumer({
    groupId: group,
    sessionTimeout: session,
    heartbeatInterval: heartbeat,
    maxWaitTimeInMs: LOOK,
    allowAutoTopicCreation: false,
    partitionAssigners: [waitingAssigner(options.surrender)],
  });
  let left = false;
  consumer.on('consumer.group_join', ({ payload }) => {
    consumer.pause([{ topic }]);
    if (!left) assigned(payload.memberAssignment[topic] ?? []);
  });
  consumer.on('consumer.crash', ({ payload }) => {
    if (!payload.restart && !left) failed(new ClientError('away', payload.error));
  });
  start(consumer, topic).catch((error) => {
    if (!left) failed(new ClientError('away', error));
  });
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
      await Promise.race([consumer.disconnect().catch(() => {}), wait(FAREWELL, undefined, { ref: false })]);
    },
  };
}

async function start(consumer: Consumer, topic: string): Promise<void> {
  await consumer.connect();
  await consumer.subscribe({ topics: [topic] });
  await consumer.run({ autoCommit: false, eachBatch: async () => {} });
}

/**
 * kafkajs waits for nobody before it joins again. What it awaits first is the search for the group's coordinator, so
 * that waits for us. The name is that of the other client's assigner: members of both can share a group.
 */
function waitingAssigner(surrender: () => Promise<void>): PartitionAssigner {
  return (config) => {
    const { cluster } = config;
    const find = cluster.findGroupCoordinator.bind(cluster);
    cluster.findGroupCoordinator = async (group) => {
      await surrender();
      return find(group);
    };
    const assigner = PartitionAssigners.roundRobin(config);
    const name = 'roundrobin';
    return { ...assigner, name, protocol: (subscription) => ({ ...assigner.protocol(subscription), name }) };
  };
}
