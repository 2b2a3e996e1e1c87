import {
  Admin,
  type BaseOptions,
  ConfigResourceTypes,
  IncrementalAlterConfigOperationTypes,
} from '@platformatic/kafka';
import type { KafkaClient } from '../kafka-client.ts';
import { isProtocolError, translated } from './platformatic-errors.ts';

export interface PlatformaticAdmin
  extends Pick<KafkaClient, 'leaders' | 'bounds' | 'createTopic' | 'configureTopic'> {
  close(): Promise<void>;
}

/** Of the protocol: the first offset that is there, and the one after the last. */
const EARLIEST = -2n;
const LATEST = -1n;

export function createPlatformaticAdmin(options: BaseOptions): PlatformaticAdmin {
  const admin = new Admin(options);
  const offsetsAt = async (
    topic: string,
    partitions: number,
    timestamp: bigint,
  ): Promise<Map<number, number>> => {
    const asked = Array.from({ length: partitions }, (_, partitionIndex) => ({ partitionIndex, timestamp }));
    const [found] = await admin.listOffsets({ topics: [{ name: topic, partitions: asked }] });
    return new Map(found!.partitions.map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)]));
  };
  return {
    leaders: (topic) =>
      translated(async () => {
        const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true });
        return topics.get(topic)!.partitions.map(({ leader }) => leader);
      }),
    bounds: (topic) =>
      translated(async () => {
        const { topics } = await admin.metadata({ topics: [topic] });
        const count = topics.get(topic)!.partitionsCount;
        const [starts, ends] = await Promise.all([
          offsetsAt(topic, count, EARLIEST),
          offsetsAt(topic, count, LATEST),
        ]);
        return Array.from({ length: count }, (_, partition) => ({
          partition,
          start: starts.get(partition)!,
          end: ends.get(partition)!,
        }));
      }),
    createTopic: ({ name, partitions, replicas, config }) =>
      translated(async () => {
        const configs = Object.entries(config).map(([key, value]) => ({ name: key, value }));
        try {
          await admin.createTopics({ topics: [{ topic: name, partitions, replicas }], configs });
        } catch (error) {
          if (!isProtocolError(error, 'TOPIC_ALREADY_EXISTS')) throw error;
        }
      }),
    configureTopic: (name, config) =>
      translated(async () => {
        const configOperation = IncrementalAlterConfigOperationTypes.SET;
        const configs = Object.entries(config).map(([key, value]) => ({ name: key, value, configOperation }));
        const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: name, configs };
        await admin.incrementalAlterConfigs({ resources: [resource] });
      }),
    close: () => admin.close().catch(() => {}),
  };
}
