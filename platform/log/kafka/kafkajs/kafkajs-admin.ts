import kafkajs, { type Admin, type IResourceConfigEntry, type Kafka } from 'kafkajs';
import type { KafkaClient } from '../kafka-client.ts';
import { translated, typeOf } from './kafkajs-errors.ts';

// Node finds only some names of this CommonJS module by reading it; these come with the whole.
const { ConfigResourceTypes, ConfigSource } = kafkajs;

export interface KafkajsAdmin extends Pick<KafkaClient, 'bounds' | 'createTopic' | 'configureTopic'> {
  close(): Promise<void>;
}

export function createKafkajsAdmin(kafka: Kafka): KafkajsAdmin {
  const admin = kafka.admin();
  let connecting: Promise<void> | null = null;
  const use = <T>(work: (admin: Admin) => Promise<T>): Promise<T> =>
    translated(async () => {
      connecting ??= admin.connect();
      try {
        await connecting;
      } catch (error) {
        connecting = null;
        throw error;
      }
      return work(admin);
    });
  return {
    bounds: (topic) =>
      use(async () => {
        const offsets = await admin.fetchTopicOffsets(topic);
        return offsets
          .map(({ partition, low, high }) => ({ partition, start: Number(low), end: Number(high) }))
          .sort((a, b) => a.partition - b.partition);
      }),
    createTopic: ({ name, partitions, replicas, config }) =>
      use(async () => {
        const topic = { topic: name, numPartitions: partitions, replicationFactor: replicas };
        try {
          await admin.createTopics({
            topics: [{ ...topic, configEntries: entriesOf(config) }],
            waitForLeaders: false,
          });
        } catch (error) {
          if (!saysExists(error)) throw error;
        }
      }),
    configureTopic: (name, config) =>
      use(async () => {
        const type = ConfigResourceTypes.TOPIC as number;
        const { resources } = await admin.describeConfigs({
          resources: [{ type, name }],
          includeSynonyms: false,
        });
        // The request that kafkajs knows sets all that it does not name back to the brokers' defaults.
        const own = resources[0]!.configEntries.filter((entry) => entry.configSource === TOPIC_CONFIG);
        const found = Object.fromEntries(own.map((entry) => [entry.configName, entry.configValue]));
        if (Object.entries(config).every(([key, value]) => found[key] === value)) return;
        const configEntries = entriesOf({ ...found, ...config });
        await admin.alterConfigs({ validateOnly: false, resources: [{ type, name, configEntries }] });
      }),
    close: () => admin.disconnect().catch(() => {}),
  };
}

const TOPIC_CONFIG: number = ConfigSource.TOPIC_CONFIG;

const entriesOf = (config: Readonly<Record<string, string>>): IResourceConfigEntry[] =>
  Object.entries(config).map(([name, value]) => ({ name, value }));

const saysExists = (error: unknown): boolean => {
  const { errors = [] } = error as { errors?: unknown[] };
  return [error, ...errors].some((e) => typeOf(e) === 'TOPIC_ALREADY_EXISTS');
};
