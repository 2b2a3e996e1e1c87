import { unavailable, unknownPartition, unknownTopic } from '../faults.ts';
import { type KafkaClient, kindOf } from '../kafka-client.ts';

/** What is known of the topics: their partitions never change, their leaders do. */
export interface TopicTable {
  /** Partitions of a topic; asked once. Rejects with `internal` where it does not exist, `log_unavailable` when no broker answers. */
  partitions(topic: string): Promise<number>;
  /** As `partitions`, without asking; undefined where that has not been. */
  known(topic: string): number | undefined;
  /** Throws when the topic has no such partition. */
  check(topic: string, partition: number): Promise<void>;
}

export function createTopicTable(client: Pick<KafkaClient, 'leaders'>): TopicTable {
  const counts = new Map<string, number>();
  const ask = async (topic: string): Promise<number> => {
    try {
      const { length } = await client.leaders(topic);
      counts.set(topic, length);
      return length;
    } catch (error) {
      if (kindOf(error) === 'unknown_topic') throw unknownTopic(topic);
      throw unavailable('The brokers do not answer', error);
    }
  };
  const partitions = async (topic: string): Promise<number> => counts.get(topic) ?? (await ask(topic));
  return {
    partitions,
    known: (topic) => counts.get(topic),
    async check(topic, partition) {
      const count = await partitions(topic);
      if (!(partition >= 0 && partition < count)) throw unknownPartition(topic, partition, count);
    },
  };
}
