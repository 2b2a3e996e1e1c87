import { MillraceError } from '#contracts/errors.ts';
import { shareNext } from '#platform/process/tasks/share-next.ts';
import type { Bounds } from '../../log.ts';
import { unavailable, unknownTopic } from '../faults.ts';
import { type KafkaClient, kindOf } from '../kafka-client.ts';
import type { TopicTable } from '../topics/kafka-topics.ts';

/** As `Log.bounds`, by the topic's name at the brokers: never older than the call, and one request at a time. */
export const createBoundsReader = (
  client: Pick<KafkaClient, 'bounds'>,
  topics: TopicTable,
): ((topic: string) => Promise<Bounds[]>) =>
  shareNext(async (topic) => {
    try {
      await topics.partitions(topic);
      return await client.bounds(topic);
    } catch (error) {
      if (error instanceof MillraceError) throw error;
      if (kindOf(error) === 'unknown_topic') throw unknownTopic(topic);
      throw unavailable('The brokers do not answer', error);
    }
  });
