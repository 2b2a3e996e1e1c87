import { Kafka, type KafkaConfig, type LogEntry, logLevel, type RetryOptions } from 'kafkajs';
import type { KafkaClient } from '../kafka-client.ts';
import { CLIENT_ID, type Connection } from '../kafka-connection.ts';
import { createKafkajsAdmin } from './kafkajs-admin.ts';
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

/**
 * Two ways to treat unreachable brokers. `patient` retries for ever: giving up would leave a producer whose sequence
 * numbers cannot be trusted, and a member that the group has to time out. `brisk` fails soon, for loops that retry
 * themselves.
 */
interface KafkajsPair {
  patient: Kafka;
  brisk: Kafka;
  /** Ends the retries of both. */
  abandon(): void;
}

const PATIENT: RetryOptions = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 1e9 };
const BRISK: RetryOptions = { initialRetryTime: 50, maxRetryTime: 200, retries: 1 };

function createKafkajsPair({ brokers, tls, sasl, logger }: Connection): KafkajsPair {
  let abandoned = false;
  const base: KafkaConfig = {
    clientId: CLIENT_ID,
    // An empty list is what kafkajs does not try again.
    brokers: () => (abandoned ? [] : [...brokers]),
    connectionTimeout: 5_000,
    ssl: tls,
    ...(sasl === null ? {} : { sasl: sasl as NonNullable<KafkaConfig['sasl']> }),
    logLevel: logger.isLevelEnabled('debug') ? logLevel.INFO : logLevel.NOTHING,
    // kafkajs logs expected conditions as errors; those that matter also reject a call, and are logged there.
    logCreator:
      () =>
      ({ namespace, log: { message, timestamp: _, ...fields } }: LogEntry) =>
        logger.debug({ kafkajs: namespace, ...fields }, message),
  };
  return {
    patient: new Kafka({ ...base, retry: PATIENT }),
    brisk: new Kafka({ ...base, retry: BRISK }),
    abandon: () => {
      abandoned = true;
    },
  };
}
