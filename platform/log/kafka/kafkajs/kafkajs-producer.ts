import { type Kafka, Partitioners, type Producer, type TopicMessages } from 'kafkajs';
import type { Batch, KafkaClient } from '../kafka-client.ts';
import { translated } from './kafkajs-errors.ts';

export interface KafkajsProducer extends Pick<KafkaClient, 'send'> {
  close(): Promise<void>;
}

export function createKafkajsProducer(kafka: Kafka): KafkajsProducer {
  let current: Promise<Producer> | null = null;

  const open = async (): Promise<Producer> => {
    const producer = kafka.producer({
      idempotent: true,
      // More would mix up the sequence numbers that make it idempotent.
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return producer;
  };
  const close = async (): Promise<void> => {
    const closing = current;
    current = null;
    await closing?.then((producer) => producer.disconnect()).catch(() => {});
  };
  return {
    send: (batches) =>
      translated(async () => {
        current ??= open();
        try {
          const producer = await current;
          const answers = await producer.sendBatch({ acks: -1, topicMessages: messagesOf(batches) });
          return batches.map(({ topic, partition }) => {
            const answer = answers.find((a) => a.topicName === topic && a.partition === partition);
            return Number(answer?.baseOffset);
          });
        } catch (error) {
          // The brokers may have taken records that it counts as not sent: their numbers must not go to others.
          void close();
          throw error;
        }
      }),
    close,
  };
}

function messagesOf(batches: readonly Batch[]): TopicMessages[] {
  const topics = new Map<string, TopicMessages>();
  for (const { topic, partition, records } of batches) {
    const found = topics.get(topic) ?? { topic, messages: [] };
    topics.set(topic, found);
    for (const { key, value, headers } of records)
      found.messages.push({ partition, key: key as Buffer | null, value: value as Buffer, headers });
  }
  return [...topics.values()];
}
