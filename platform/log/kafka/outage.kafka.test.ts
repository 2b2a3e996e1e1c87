import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Broker, startBroker } from '../../../infra/kafka/start-broker.ts';
import type { Log } from '../log.ts';
import { createRecorder, eventually, recordOf, SPECS, startsOf, textOf } from '../log-harness.conformance.ts';
import { CLIENTS, freshPrefix, openTestLog } from './testing/open-test-log.ts';

/** ms: longer than any restart of the broker here. */
const PATIENCE = 60_000;
/** ms after which a stopping process is cut off: see run-service.ts. */
const STOP = 25_000;

describe.each(CLIENTS)('brokers that go away, met through %s', (client) => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await startBroker();
  });
  afterAll(() => broker?.close());
  const open = async (deadline: number): Promise<Log> => {
    const log = await openTestLog({ client, prefix: freshPrefix(), brokers: broker.brokers, deadline });
    await log.ensureTopics(SPECS);
    return log;
  };

  /** Appends to partitions 0 and 1 without a pause, three at a time each, until told to stop. */
  const produce = (log: Log) => {
    const acknowledged: { partition: number; text: string; offset: number }[] = [];
    const failures: unknown[] = [];
    let stopped = false;
    const run = async (partition: number, lane: number): Promise<void> => {
      for (let i = 0; !stopped; i++) {
        const text = `${lane}:${i}`;
        try {
          const [offset] = await log.append('events', partition, [recordOf(text)]);
          acknowledged.push({ partition, text, offset: offset! });
        } catch (error) {
          failures.push(error);
        }
        await wait(5);
      }
    };
    const lanes = [0, 1, 2, 3, 4, 5].map((lane) => run(lane % 2, lane));
    const stop = async () => {
      stopped = true;
      await Promise.all(lanes);
    };
    return { acknowledged, failures, stop };
  };

  it('loses nothing and keeps the order over a kill and a pause, and no process has to be restarted', async () => {
    const log = await open(PATIENCE);
    const member = createRecorder(await startsOf(log));
    await log.consume('events', 'g', member);
    const tailed: string[] = [];
    const failures: Error[] = [];
    await log.tail(
      'events',
      0,
      0,
      (r) => void tailed.push(...r.map(textOf)),
      (e) => failures.push(e),
    );
    const producer = produce(log);
    await eventually(() => expect(producer.acknowledged.length).toBeGreaterThan(100));
    await broker.kill9();
    await wait(1_000);
    await broker.restart();
    const before = producer.acknowledged.length;
    await expect
      .poll(() => producer.acknowledged.length, { timeout: PATIENCE })
      .toBeGreaterThan(before + 100);
    broker.pause();
    await wait(3_000);
    broker.resume();
    const paused = producer.acknowledged.length;
    await expect
      .poll(() => producer.acknowledged.length, { timeout: PATIENCE })
      .toBeGreaterThan(paused + 100);
    await producer.stop();
    expect(producer.failures).toEqual([]);
    for (const partition of [0, 1]) {
      const sent = producer.acknowledged
        .filter((a) => a.partition === partition)
        .sort((a, b) => a.offset - b.offset);
      const texts = sent.map((a) => a.text);
      await expect
        .poll(() => [member.failures, member.texts[partition]], { timeout: PATIENCE })
        .toEqual([[], texts]);
      if (partition === 0) await expect.poll(() => tailed, { timeout: PATIENCE }).toEqual(texts);
      for (const lane of [0, 2, 4].map((n) => n + partition)) {
        const own = texts.filter((text) => text.startsWith(`${lane}:`));
        expect(own).toEqual(own.map((_, i) => `${lane}:${i}`));
      }
    }
    expect([...failures, ...member.failures]).toEqual([]);
    await log.close();
  }, 300_000);

  it('gives an append up at its deadline, refuses what is too much, and closes all the same', async () => {
    const log = await open(1_000);
    const offsets = await log.append('updates', 0, [recordOf('before')]);
    await broker.kill9();
    try {
      const large = { key: null, value: Buffer.alloc(1_000_000), headers: {} };
      const waiting = Array.from({ length: 70 }, () => log.append('updates', 0, [large]));
      const outcomes = await Promise.allSettled(waiting);
      const codes = outcomes.map((o) => (o.status === 'rejected' ? o.reason.code : 'taken'));
      expect(new Set(codes)).toEqual(new Set(['log_unavailable', 'overloaded']));
      expect(codes.slice(0, 60)).toEqual(Array(60).fill('log_unavailable'));
      await expect(log.bounds('updates')).rejects.toMatchObject({ code: 'log_unavailable' });
      await log.close();
      expect(offsets).toEqual([0]);
    } finally {
      await broker.restart();
    }
  }, 300_000);

  it('closes before a stop is cut off, though the brokers take every connection and answer nothing', async () => {
    const log = await open(PATIENCE);
    const member = createRecorder(await startsOf(log));
    await log.consume('events', 'g', member);
    await log.tail(
      'updates',
      0,
      0,
      () => {},
      () => {},
    );
    await log.append('events', 0, [recordOf('one')]);
    await eventually(() => expect(member.texts[0]).toEqual(['one']));
    broker.pause();
    try {
      const cutOff = wait(STOP, 'still open', { ref: false });
      expect(await Promise.race([log.close().then(() => 'closed'), cutOff])).toBe('closed');
    } finally {
      broker.resume();
    }
  }, 300_000);
});
