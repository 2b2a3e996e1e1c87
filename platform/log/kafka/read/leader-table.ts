import { unknownTopic } from '../faults.ts';
import { type KafkaClient, kindOf } from '../kafka-client.ts';
import type { Outage } from '../outage.ts';
import type { Reader } from './kafka-reader.ts';

/** Which node leads the partition of a reader, as far as it is known. */
export interface LeaderTable {
  nodeOf(reader: Reader): number | undefined;
  /** Drops the known leaders of these topics, which may be out of date. */
  forget(topics: Iterable<string>): void;
  /** Resolves when the nodes of all readers are known; ends those whose topic is gone. Tries until `stopped`. */
  find(readers: Iterable<Reader>, stopped: () => boolean): Promise<void>;
}

export function createLeaderTable(client: Pick<KafkaClient, 'leaders'>, outage: Outage): LeaderTable {
  const leaders = new Map<string, readonly number[]>();
  const nodeOf = ({ topic, partition }: Reader): number | undefined => leaders.get(topic)?.[partition];
  return {
    nodeOf,
    forget(topics) {
      for (const topic of topics) leaders.delete(topic);
    },
    async find(readers, stopped) {
      for (;;) {
        const reader = [...readers].find((r) => nodeOf(r) === undefined);
        if (reader === undefined || stopped()) return;
        const { topic, partition } = reader;
        try {
          const found = await client.leaders(topic);
          if (!(found[partition]! >= 0))
            throw new Error(`partition ${partition} of ${topic} has no leader yet`);
          leaders.set(topic, found);
        } catch (error) {
          if (kindOf(error) === 'unknown_topic') reader.fail(unknownTopic(topic));
          else if (!stopped()) await outage.failed(error);
        }
      }
    },
  };
}
