import { type BaseOptions, type MessageToProduce, Producer } from '@platformatic/kafka';
import type { Batch, KafkaClient } from '../kafka-client.ts';
import { translated } from './platformatic-errors.ts';

export interface PlatformaticProducer extends Pick<KafkaClient, 'send'> {
  close(): Promise<void>;
}

/** It takes a new identity by itself after a failed request. */
export function createPlatformaticProducer(options: BaseOptions): PlatformaticProducer {
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
