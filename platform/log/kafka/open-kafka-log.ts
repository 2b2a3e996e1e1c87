import type { Log } from '../log.ts';
import type { KafkaClient } from './kafka-client.ts';
import type { Connection } from './kafka-connection.ts';
import { createKafkaLog, type KafkaLogDeps, type KafkaLogOptions } from './kafka-log.ts';

export interface KafkaSettings extends KafkaLogOptions, Omit<Connection, 'logger'> {
  /** The library that speaks to the brokers. */
  client: 'kafkajs' | 'platformatic';
}

/** The Log on Kafka. Connects when it is used: brokers that are away are `log_unavailable` of the calls. */
export async function openKafkaLog(settings: KafkaSettings, deps: KafkaLogDeps): Promise<Log> {
  const client = await createClient(settings.client, { ...settings, logger: deps.logger });
  return createKafkaLog(client, settings, deps);
}

/** Only the library that is used is loaded. */
async function createClient(client: KafkaSettings['client'], connection: Connection): Promise<KafkaClient> {
  if (client === 'platformatic') {
    const { createPlatformaticClient } = await import('./platformatic/platformatic-client.ts');
    return createPlatformaticClient(connection);
  }
  const { createKafkajsClient } = await import('./kafkajs/kafkajs-client.ts');
  return createKafkajsClient(connection);
}
