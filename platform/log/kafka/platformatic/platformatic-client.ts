import { type BaseOptions, type MessageToProduce, Producer } from '@platformatic/kafka';
import { backoffDelay } from '#contracts/backoff.ts';
import type { Batch, KafkaClient } from '../kafka-client.ts';
import { CLIENT_ID, type Connection } from '../kafka-connection.ts';
import { createPlatformaticAdmin } from './platformatic-admin.ts';
import { translated } from './platformatic-errors.ts';
import { joinPlatformaticGroup } from './platformatic-group.ts';
import { createPlatformaticReader } from './platformatic-reader.ts';

/** The other client, so that Millrace does not depend on one library; connects when it is used. */
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

/**
 * `patient` retries for ever: giving up would leave a producer whose sequence numbers cannot be trusted, and a member that
 * the group has to time out. `brisk` fails soon, for loops that retry themselves.
 */
interface PlatformaticOptions {
  patient: BaseOptions;
  brisk: BaseOptions;
}

const PAUSE = { first: 100, most: 1_000, random: () => 0.5 + Math.random() / 2 };

function platformaticOptions({ brokers, tls, sasl }: Connection): PlatformaticOptions {
  const base: BaseOptions = {
    clientId: CLIENT_ID,
    bootstrapBrokers: [...brokers],
    connectTimeout: 5_000,
    autocreateTopics: false,
    retryDelay: (_client, _operation, attempt) => backoffDelay(attempt, PAUSE),
    ...(tls ? { tls: {} } : {}),
    ...(sasl === null ? {} : { sasl: { ...sasl, mechanism: MECHANISMS[sasl.mechanism] } }),
  };
  return { patient: { ...base, retries: 1e9 }, brisk: { ...base, retries: 1 } };
}

const MECHANISMS = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const;

interface PlatformaticProducer extends Pick<KafkaClient, 'send'> {
  close(): Promise<void>;
}

/** The producer takes a new identity by itself after a failed request. */
function createPlatformaticProducer(options: BaseOptions): PlatformaticProducer {
  const producer = new Producer({ ...options, idempotent: true, acks: -1 });
  return {
    send: (batches) =>
      translated(async () => {
        const { offsets = [] } = await producer.send({ messages: batches.flatMap(messagesOf) });
        return batches.map(({ topic, partition }) => {
          const answer = offsets.find((a) => a.topic === topic && a.partition === partition);
          return Number(answer?.offset);
        });
      }),
    close: () => producer.close(true).catch(() => {}),
  };
}

const messagesOf = ({ topic, partition, records }: Batch): MessageToProduce[] =>
  records.map(({ key, value, headers }) => ({
    topic,
    partition,
    ...(key === null ? {} : { key: key as Buffer }),
    value: value as Buffer,
    headers: new Map(Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
  }));
