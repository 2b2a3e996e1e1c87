import { type Admin, Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';

/** A Kafka user beside Millrace. */
export interface Stranger {
  admin: Admin;
  producer: Producer;
  close(): Promise<void>;
}

export async function openStranger(brokers: string, transactionalId?: string): Promise<Stranger> {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    ...(transactionalId === undefined ? {} : { transactionalId, idempotent: true, maxInFlightRequests: 1 }),
  });
  await Promise.all([admin.connect(), producer.connect()]);
  return {
    admin,
    producer,
    close: async () => void (await Promise.all([admin.disconnect(), producer.disconnect()])),
  };
}
