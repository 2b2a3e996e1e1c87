import { topics } from '#contracts/log/topics.ts';
import { openKafkaLog } from '#platform/log/kafka/open-kafka-log.ts';
import { readKafkaSettings } from '#platform/log/kafka/read-kafka-settings.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import type { KafkaSide } from './kafka-side.ts';

/** The Log as the services open it, with default settings. */
export async function openAdapterSide(
  client: 'kafkajs' | 'platformatic',
  brokers: string,
  partitions: number,
): Promise<KafkaSide & { topic: string }> {
  const prefix = `adapter-${client}-`;
  const settings = readSettings({
    MILLRACE_KAFKA_BROKERS: brokers,
    MILLRACE_KAFKA_CLIENT: client,
    MILLRACE_KAFKA_PREFIX: prefix,
  });
  const deps = { logger: createLogger('warn', 'bench'), metrics: createMetrics(false) };
  const log = await openKafkaLog(readKafkaSettings(settings), deps);
  await log.ensureTopics(topics(partitions));
  let groups = 0;
  return {
    name: `adapter, ${client}`,
    topic: `${prefix}events`,
    async write(blocks) {
      await Promise.all(
        blocks.map(({ partition, value, headers }) =>
          log.append('events', partition, [{ key: null, value, headers }]),
        ),
      );
    },
    async read(starts, read) {
      const reading = await log.consume('events', `bench-${++groups}`, {
        assigned: async (partition) => starts[partition]!,
        revoked: async () => {},
        batch: async (_, records) => read(records.map((record) => record.value)),
        failed: (error) => {
          throw error;
        },
      });
      return reading.close;
    },
    close: () => log.close(),
  };
}
