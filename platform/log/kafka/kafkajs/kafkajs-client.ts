import type { KafkaClient } from '../kafka-client.ts';
import type { Connection } from '../kafka-connection.ts';
import { createKafkajsAdmin } from './kafkajs-admin.ts';
import { createKafkajsPair } from './kafkajs-config.ts';
import { joinKafkajsGroup } from './kafkajs-group.ts';
import { createKafkajsProducer } from './kafkajs-producer.ts';
import { createKafkajsReader } from './kafkajs-reader.ts';

/** The default client; connects when it is used. */
export function createKafkajsClient(connection: Connection): KafkaClient {
  const { patient, brisk, abandon } = createKafkajsPair(connection);
  const producer = createKafkajsProducer(patient);
  const reader = createKafkajsReader(brisk);
  const admin = createKafkajsAdmin(brisk);
  return {
    send: producer.send,
    leaders: reader.leaders,
    fetch: reader.fetch,
    bounds: admin.bounds,
    createTopic: admin.createTopic,
    configureTopic: admin.configureTopic,
    join: (options) => joinKafkajsGroup(patient, options),
    async close() {
      abandon();
      await Promise.all([producer.close(), reader.close(), admin.close()]);
    },
  };
}
