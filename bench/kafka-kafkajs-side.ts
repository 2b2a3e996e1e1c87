import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { FETCH, type KafkaSide } from './kafka-side.ts';

/** kafkajs as its documentation has it, with the same promise: idempotent, all in-sync replicas, one request at a time. */
export async function openKafkajsSide(brokers: string, topic: string): Promise<KafkaSide> {
  const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  let groups = 0;
  return {
    name: 'bare, kafkajs',
    async write(blocks) {
      await producer.send({ topic, acks: -1, messages: [...blocks] });
    },
    async read(starts, read) {
      const consumer = kafka.consumer({
        groupId: `${topic}-${++groups}`,
        maxBytesPerPartition: FETCH.partition,
        maxBytes: FETCH.all,
        maxWaitTimeInMs: FETCH.wait,
        minBytes: 1,
      });
      await consumer.connect();
      await consumer.subscribe({ topic });
      await consumer.run({
        autoCommit: false,
        partitionsConsumedConcurrently: starts.length,
        eachBatch: async ({ batch }) => read(batch.messages.map((message) => message.value!)),
      });
      for (const [partition, start] of starts.entries())
        consumer.seek({ topic, partition, offset: String(start) });
      return () => consumer.disconnect();
    },
    close: () => producer.disconnect(),
  };
}
