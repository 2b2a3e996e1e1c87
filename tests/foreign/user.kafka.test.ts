import { Producer, stringSerializers } from '@platformatic/kafka';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { HEADER } from '#contracts/log/block.ts';
import { partitionOfText } from '#contracts/log/partitioner.ts';
import { CLIENTS } from '#platform/log/kafka/testing/open-test-log.ts';
import { openStranger, type Stranger } from '#platform/log/kafka/testing/with-kafkajs.ts';
import { eventually } from '../testing/eventually.ts';
import { type KafkaStack, PARTITIONS, startKafkaStack } from './kafka-stack.ts';

const hit = (who: string, more: object = {}): string =>
  JSON.stringify({ event: 'hit', properties: { who }, ...more });

describe.each(CLIENTS)('a Kafka user beside Millrace, which reads through %s', (client) => {
  let stack: KafkaStack;
  let stranger: Stranger;
  beforeAll(async () => {
    stack = await startKafkaStack(inject('kafka'), client);
    stranger = await openStranger(inject('kafka'));
    await stack.count('hit');
  });
  afterAll(async () => void (await Promise.all([stranger?.close(), stack?.close()])));

  const produce = (messages: Message[]) => stranger.producer.send({ topic: stack.topic, acks: -1, messages });

  it('has what it wrote counted once, and refused with code and position where it cannot be read', async () => {
    const [written] = await produce([
      { partition: 1, value: hit('plain') },
      { partition: 1, value: [hit('several'), hit('several'), '', hit('several')].join('\n') },
      { partition: 1, value: 'garbage' },
      { partition: 1, value: null },
      { partition: 1, value: [hit('beside'), '{"event":', hit('beside')].join('\n') },
      { partition: 1, value: hit('unread'), headers: { [HEADER.format]: '2' } },
      { partition: 1, value: hit('plain') },
    ]);
    await produce([{ key: 'u_42', value: hit('keyed', { key: 'u_42', id: 'once' }) }]);
    await produce([{ key: 'u_42', value: hit('keyed', { key: 'u_42', id: 'once' }) }]);
    expect(await stack.counted('hit', 8)).toEqual({ plain: 2, several: 3, beside: 2, keyed: 1 });
    expect(await stack.counters()).toEqual({ events: 8, rejected: 3, duplicates: 1 });

    const first = Number(written!.baseOffset);
    const at = (offset: number, index = 0) => ({ partition: 1, offset: first + offset, index });
    expect((await stack.rejected(3)).map(({ code, body, position }) => ({ code, body, position }))).toEqual([
      { code: 'invalid_json', body: 'garbage', position: at(2) },
      { code: 'invalid_json', body: '{"event":', position: at(4, 1) },
      { code: 'unsupported_format', body: hit('unread'), position: at(5) },
    ]);
  });

  it('may write blocks as large as brokers take', async () => {
    await stack.count('many');
    const line = JSON.stringify({ event: 'many', properties: { who: 'large', pad: 'x'.repeat(900) } });
    const events = 8_000;
    await produce([{ partition: 3, value: Array.from({ length: events }, () => line).join('\n') }]);
    expect(await stack.counted('many', events)).toEqual({ large: events });
  });

  it('may compress as it likes', async () => {
    const compressed = new Producer({
      clientId: 'stranger',
      bootstrapBrokers: [inject('kafka')],
      serializers: stringSerializers,
    });
    await stack.count('packed');
    for (const compression of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
      const value = JSON.stringify({ event: 'packed', properties: { who: compression } });
      await compressed.send({ messages: [{ topic: stack.topic, partition: 2, value }], compression });
    }
    await compressed.close();
    expect(await stack.counted('packed', 4)).toEqual({ gzip: 1, snappy: 1, lz4: 1, zstd: 1 });
  });
});

it('a stranger reads what ingest wrote by the rules of PROTOCOL.md, and finds keys where its own partitioner puts them', async () => {
  const stack = await startKafkaStack(inject('kafka'));
  const kafka = new Kafka({ brokers: [inject('kafka')], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `${stack.topic}-reader` });
  const stranger = await openStranger(inject('kafka'));
  const read: { partition: number; event: { key: string; properties: { n: number } } }[] = [];
  await stack.count('hit');
  const events = Array.from({ length: 50 }, (_, n) => ({
    event: 'hit',
    key: `Zürich-${n % 7}`,
    properties: { n },
  }));
  for (let at = 0; at < events.length; at += 10) await stack.post(events.slice(at, at + 10));

  await consumer.connect();
  await consumer.subscribe({ topic: stack.topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ partition, message: { value, headers = {} } }) => {
      if (headers['millrace-kind'] !== undefined) return;
      expect(`${headers['millrace-format']}`).toBe('1');
      const lines = `${value}`.split('\n').filter((line) => line.trim() !== '');
      expect(lines).toHaveLength(Number(headers['millrace-count']));
      read.push(...lines.map((line) => ({ partition, event: JSON.parse(line) })));
    },
  });
  await eventually(
    () => read.length,
    (n) => n >= events.length,
  );
  await consumer.disconnect();
  expect(read.map(({ event }) => event.properties.n).sort((a, b) => a - b)).toEqual(events.map((_, n) => n));
  for (const key of new Set(events.map((e) => e.key))) {
    const of = read.filter(({ event }) => event.key === key);
    // One partition, in the order of sending.
    expect(new Set(of.map((r) => r.partition))).toEqual(new Set([partitionOfText(key, PARTITIONS)]));
    expect(of.map((r) => r.event.properties.n)).toEqual(
      of.map((r) => r.event.properties.n).toSorted((a, b) => a - b),
    );
    const [put] = await stranger.producer.send({ topic: stack.topic, messages: [{ key, value: '' }] });
    expect(put!.partition).toBe(partitionOfText(key, PARTITIONS));
  }
  await Promise.all([stranger.close(), stack.close()]);
});
