import { CompressionTypes } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Log, StoredRecord } from '../log.ts';
import { eventually, SPECS } from '../log-harness.conformance.ts';
import { CLIENTS, freshPrefix, openTestLog } from './testing/open-test-log.ts';
import { openStranger, type Stranger } from './testing/with-kafkajs.ts';

describe.each(CLIENTS)('records of other producers, read through %s', (client) => {
  let log: Log;
  let stranger: Stranger;
  let topic: string;
  beforeEach(async () => {
    const prefix = freshPrefix();
    topic = `${prefix}events`;
    log = await openTestLog({ client, prefix, brokers: inject('kafka') });
    await log.ensureTopics(SPECS);
    stranger = await openStranger(inject('kafka'), `${prefix}transactions`);
  });
  afterEach(async () => void (await Promise.all([log.close(), stranger.close()])));

  const readAll = async (): Promise<StoredRecord[]> => {
    const found: StoredRecord[] = [];
    await log.append('events', 0, [{ key: null, value: Buffer.from('last'), headers: {} }]);
    const tail = await log.tail('events', 0, 0, (records) => void found.push(...records), console.error);
    await eventually(() => expect(`${found.at(-1)?.value}`).toBe('last'));
    await tail.close();
    return found.slice(0, -1);
  };

  it('gives them without headers, with a key, without a value, and by the time of their append', async () => {
    const old = { partition: 0, timestamp: '1000' };
    await stranger.producer.send({
      topic,
      messages: [
        { ...old, value: 'plain' },
        { ...old, key: 'u_42', value: 'keyed', headers: { trace: 'abc', several: ['a', 'b'] } },
        { ...old, key: 'gone', value: null },
      ],
    });
    const found = await readAll();
    expect(
      found.map(({ key, value, headers }) => [key && `${key}`, `${Buffer.from(value)}`, headers]),
    ).toEqual([
      [null, 'plain', {}],
      ['u_42', 'keyed', { trace: 'abc', several: 'b' }],
      ['gone', '', {}],
    ]);
    for (const { time } of found) expect(Math.abs(time - Date.now())).toBeLessThan(3_600_000);
  });

  it('gives compressed ones, and from the middle of a batch what is asked for', async () => {
    const messages = ['a', 'b', 'c', 'd'].map((value) => ({ partition: 0, value }));
    await stranger.producer.send({ topic, compression: CompressionTypes.GZIP, messages });
    expect((await readAll()).map((r) => `${Buffer.from(r.value)}`)).toEqual(['a', 'b', 'c', 'd']);
    const texts: string[] = [];
    const tail = await log.tail(
      'events',
      0,
      2,
      (r) => void texts.push(...r.map((x) => `${x.value}`)),
      () => {},
    );
    await eventually(() => expect(texts).toEqual(['c', 'd', 'last']));
    await tail.close();
  });

  it('leaves out what a transaction has taken back, and goes on behind it', async () => {
    const write = async (value: string, end: 'commit' | 'abort') => {
      const transaction = await stranger.producer.transaction();
      await transaction.send({ topic, messages: [{ partition: 0, value }] });
      await transaction[end]();
    };
    await write('kept', 'commit');
    await write('taken back', 'abort');
    await write('kept too', 'commit');
    const found = await readAll();
    expect(found.map((r) => `${Buffer.from(r.value)}`)).toEqual(['kept', 'kept too']);
    expect(found.map((r) => r.offset)).toEqual([0, 4]);
  });
});
