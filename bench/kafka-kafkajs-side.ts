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
      // `run` resolves when the first attempt to join is over, and tries again by itself where it failed.
      const joined = new Promise<void>((resolve) => {
        consumer.on(consumer.events.GROUP_JOIN, () => {
          for (const [partition, start] of starts.entries())
            consumer.seek({ topic, partition, offset: String(start) });
          resolve();
        });
      });
      await consumer.run({
        autoCommit: false,
        partitionsConsumedConcurrently: starts.length,
        eachBatch: async ({ batch }) => read(batch.messages.map((message) => message.value!)),
      });
      await joined;
      return () => consumer.disconnect();
    },
    close: () => producer.disconnect(),
  };
}
