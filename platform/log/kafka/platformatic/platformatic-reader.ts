import { type BaseOptions, Consumer } from '@platformatic/kafka';
import type { KafkaClient, Position } from '../kafka-client.ts';
import { translated } from './platformatic-errors.ts';
import { readPartition } from './platformatic-records.ts';

export interface PlatformaticReader extends Pick<KafkaClient, 'fetch'> {
  close(): Promise<void>;
}

/** Bytes of one answer at most, and of one partition in it; a larger single batch comes alone. */
const ANSWER_BYTES = 8_000_000;
const PARTITION_BYTES = 2_000_000;

/** Reads positions of our own choosing, without a group. */
export function createPlatformaticReader(options: BaseOptions): PlatformaticReader {
  const consumer = new Consumer({ ...options, groupId: 'millrace-joins-no-group', maxBytes: ANSWER_BYTES });
  return {
    fetch: (node, wanted, wait) =>
      translated(async () => {
        // The consumer requests the tracked topics only, and fails as a whole when one of them is gone.
        const named = new Set(wanted.map(({ topic }) => topic));
        for (const topic of consumer.topics.current) if (!named.has(topic)) consumer.topics.delete(topic);
        consumer.topics.trackAll(...named);
        const { topics } = await consumer.metadata({ topics: [...named] });
        const names = new Map([...named].map((name) => [topics.get(name)!.id, name]));
        const request = [...names].map(([id, name]) => ({
          topicId: id,
          partitions: partitionsOf(wanted, name),
        }));
        const { responses } = await consumer.fetch({ node, topics: request, maxWaitTime: wait, minBytes: 1 });
        return responses.flatMap(({ topicId, partitions }) => {
          const topic = names.get(topicId)!;
          return partitions.map((found) => {
            const asked = wanted.find((w) => w.topic === topic && w.partition === found.partitionIndex);
            return readPartition(topic, asked!.position, found);
          });
        });
      }),
    close: () => consumer.close(true).catch(() => {}),
  };
}

type FetchTopics = Parameters<Consumer['fetch']>[0]['topics'];

const partitionsOf = (wanted: readonly Position[], name: string): FetchTopics[number]['partitions'] =>
  wanted
    .filter(({ topic }) => topic === name)
    .map(({ partition, position }) => ({
      partition,
      currentLeaderEpoch: -1,
      fetchOffset: BigInt(position),
      lastFetchedEpoch: -1,
      partitionMaxBytes: PARTITION_BYTES,
    }));
