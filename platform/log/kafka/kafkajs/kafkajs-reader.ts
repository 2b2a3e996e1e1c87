import { type BrokerMetadata, type Cluster, type Kafka, PartitionAssigners } from 'kafkajs';
import type { Fetched, KafkaClient, Position } from '../kafka-client.ts';
import { translated, typeOf } from './kafkajs-errors.ts';
import { type FetchedPartition, readPartition } from './kafkajs-records.ts';

export interface KafkajsReader extends Pick<KafkaClient, 'fetch' | 'leaders'> {
  close(): Promise<void>;
}

/** Bytes of one answer at most, and of one partition in it; a larger single batch comes alone. */
const ANSWER_BYTES = 8_000_000;
const PARTITION_BYTES = 2_000_000;

/**
 * Reads positions of our own choosing, without a group. kafkajs lets only its consumer read, which starts somewhere else
 * without a word when a position is out of range, and holds back all partitions of a node while one is busy; so requests go to its
 * brokers directly. The way to them that its types know is the cluster that a consumer hands to its assigner.
 */
export function createKafkajsReader(kafka: Kafka): KafkajsReader {
  let cluster!: Cluster;
  const holder = kafka.consumer({
    groupId: 'millrace-joins-no-group',
    allowAutoTopicCreation: false,
    partitionAssigners: [
      (config) => {
        cluster = config.cluster;
        return PartitionAssigners.roundRobin(config);
      },
    ],
  });

  const ask = async (node: number, wanted: readonly Position[], wait: number): Promise<Fetched[]> => {
    const broker = await cluster.findBroker({ nodeId: String(node) });
    const request = {
      maxWaitTime: wait,
      minBytes: 1,
      maxBytes: ANSWER_BYTES,
      isolationLevel: READ_COMMITTED,
    };
    const { responses } = (await broker.fetch({ ...request, topics: topicsOf(wanted) })) as FetchAnswer;
    return responses.flatMap(({ topicName, partitions }) =>
      partitions.map((found) => {
        const asked = wanted.find((w) => w.topic === topicName && w.partition === found.partition);
        return readPartition(topicName, asked!.position, found);
      }),
    );
  };
  return {
    fetch: (node, wanted, wait) =>
      translated(async () => {
        try {
          return await ask(node, wanted, wait);
        } catch (error) {
          const { host, port } = error as { host?: string; port?: number };
          if (typeOf(error) === undefined && host !== undefined && port !== undefined)
            cluster.removeBroker({ host, port });
          throw error;
        }
      }),
    leaders: (topic) =>
      translated(async () => {
        await cluster.connect();
        const { topicMetadata } = await metadataOf(cluster, topic);
        const { partitionMetadata } = topicMetadata.find((found) => found.topic === topic)!;
        const leaders: number[] = [];
        for (const { partitionId, leader } of partitionMetadata) leaders[partitionId] = leader;
        return leaders;
      }),
    close: () => holder.disconnect().catch(() => {}),
  };
}

/** Its types leave out that a topic can be named, which makes kafkajs ask again. */
const metadataOf = (cluster: Cluster, topic: string): Promise<BrokerMetadata> =>
  (cluster.metadata as (options: { topics: string[] }) => Promise<BrokerMetadata>).call(cluster, {
    topics: [topic],
  });

/** Of the protocol: leaves out what a transaction has not committed. */
const READ_COMMITTED = 1;

interface FetchAnswer {
  responses: { topicName: string; partitions: FetchedPartition[] }[];
}

function topicsOf(wanted: readonly Position[]) {
  const topics = new Map<string, { partition: number; fetchOffset: string; maxBytes: number }[]>();
  for (const { topic, partition, position } of wanted) {
    const partitions = topics.get(topic) ?? [];
    topics.set(topic, partitions);
    partitions.push({ partition, fetchOffset: String(position), maxBytes: PARTITION_BYTES });
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}
