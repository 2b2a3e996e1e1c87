import { Consumer, MessagesStreamModes, Producer } from '@platformatic/kafka';
import { FETCH, type KafkaSide } from './kafka-side.ts';

/** @platformatic/kafka as its documentation has it, with the same promise. It hands over one record at a time. */
export async function openPlatformaticSide(brokers: string, topic: string): Promise<KafkaSide> {
  const base = { clientId: 'bench', bootstrapBrokers: [brokers] };
  const producer = new Producer<Buffer, Buffer, string, string>({
    ...base,
    idempotent: true,
    acks: -1,
    serializers: { headerKey: (text) => Buffer.from(text!), headerValue: (text) => Buffer.from(text!) },
  });
  let groups = 0;
  return {
    name: 'bare, platformatic',
    async write(blocks) {
      await producer.send({ messages: blocks.map((block) => ({ topic, ...block })) });
    },
    async read(starts, read) {
      const consumer = new Consumer({
        ...base,
        groupId: `${topic}-${++groups}`,
        maxBytes: FETCH.all,
        maxWaitTime: FETCH.wait,
        minBytes: 1,
      });
      const stream = await consumer.consume({
        topics: [topic],
        mode: MessagesStreamModes.MANUAL,
        offsets: starts.map((start, partition) => ({ topic, partition, offset: BigInt(start) })),
        autocommit: false,
        maxBytesPerPartition: FETCH.partition,
      });
      stream.on('data', ({ value }) => read([value]));
      return async () => {
        await stream.close();
        await consumer.close(true);
      };
    },
    close: () => producer.close(),
  };
}
