import type { KafkaClient } from '../kafka-client.ts';
import type { Connection } from '../kafka-connection.ts';
import { createPlatformaticAdmin } from './platformatic-admin.ts';
import { platformaticOptions } from './platformatic-config.ts';
import { joinPlatformaticGroup } from './platformatic-group.ts';
import { createPlatformaticProducer } from './platformatic-producer.ts';
import { createPlatformaticReader } from './platformatic-reader.ts';

/** The other client, so that Millrace does not hang on one library; connects when it is used. */
export function createPlatformaticClient(connection: Connection): KafkaClient {
  const { patient, brisk } = platformaticOptions(connection);
  const producer = createPlatformaticProducer(patient);
  const reader = createPlatformaticReader({ ...brisk, retries: 0 });
  const admin = createPlatformaticAdmin(brisk);
  return {
    send: producer.send,
    leaders: admin.leaders,
    fetch: reader.fetch,
    bounds: admin.bounds,
    createTopic: admin.createTopic,
    configureTopic: admin.configureTopic,
    join: (options) => joinPlatformaticGroup(patient, options),
    async close() {
      await Promise.all([producer.close(), reader.close(), admin.close()]);
    },
  };
}
