import { Kafka, type KafkaConfig, type LogEntry, logLevel, type RetryOptions } from 'kafkajs';
import { CLIENT_ID, type Connection } from '../kafka-connection.ts';

/**
 * Two ways to meet brokers that are away. `patient` tries for ever: giving up would leave a producer whose sequence
 * numbers nobody can trust, and a member that the group has to count out. `brisk` fails soon, for loops that try again themselves.
 */
export interface KafkajsPair {
  patient: Kafka;
  brisk: Kafka;
  /** Ends the tries of both. */
  abandon(): void;
}

const PATIENT: RetryOptions = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 1e9 };
const BRISK: RetryOptions = { initialRetryTime: 50, maxRetryTime: 200, retries: 1 };

export function createKafkajsPair({ brokers, tls, sasl, logger }: Connection): KafkajsPair {
  let abandoned = false;
  const base: KafkaConfig = {
    clientId: CLIENT_ID,
    // An empty list is what kafkajs does not try again.
    brokers: () => (abandoned ? [] : [...brokers]),
    connectionTimeout: 5_000,
    ssl: tls,
    ...(sasl === null ? {} : { sasl: sasl as NonNullable<KafkaConfig['sasl']> }),
    logLevel: logger.isLevelEnabled('debug') ? logLevel.INFO : logLevel.NOTHING,
    // It calls expected conditions errors; what matters comes back to us as one, and is logged where it is met.
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
