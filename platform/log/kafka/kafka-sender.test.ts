import { describe, expect, it } from 'vitest';
import { recordOf } from '../log-harness.conformance.ts';
import { type Batch, ClientError } from './kafka-client.ts';
import type { SenderLimits } from './kafka-sender.ts';
import { createSender } from './kafka-sender.ts';
import { createTopicTable } from './topics/kafka-topics.ts';

const LIMITS: SenderLimits = {
  linger: 0,
  batchBytes: 1_000,
  requestBytes: 2_000,
  appendBytes: 5_000,
  pendingBytes: 10_000,
  deadline: 60_000,
};

/** Brokers with two partitions of one topic, which answer when the test says so. */
function createBrokers(limits: Partial<SenderLimits> = {}) {
  const requests: { batches: readonly Batch[]; answer: (offsets: number[] | Error) => void }[] = [];
  const client = {
    leaders: async (topic: string) => {
      if (topic !== 'events') throw new ClientError('unknown_topic', 'none');
      return [1, 1];
    },
    send: (batches: readonly Batch[]) =>
      new Promise<number[]>((resolve, reject) => {
        const answer = (outcome: number[] | Error) =>
          outcome instanceof Error ? reject(new ClientError('away', outcome)) : resolve(outcome);
        requests.push({ batches, answer });
      }),
  };
  const seconds: number[] = [];
  const events = { sent: (s: number) => void seconds.push(s) };
  const sender = createSender(client, createTopicTable(client), { ...LIMITS, ...limits }, events);
  const request = async (number: number) => {
    await expect.poll(() => requests.length, { interval: 1 }).toBeGreaterThan(number);
    return requests[number]!;
  };
  return { sender, requests, request, seconds };
}

const texts = ({ records }: Batch) => records.map((r) => Buffer.from(r.value).toString());

describe('createSender', () => {
  it('gathers the appends during a request, one batch a partition, in the order of the calls', async () => {
    const { sender, request, seconds } = createBrokers();
    const first = sender.append('events', 0, [recordOf('a')]);
    const { batches, answer } = await request(0);
    expect(batches.map(texts)).toEqual([['a']]);
    const rest = [
      sender.append('events', 0, [recordOf('b'), recordOf('c')]),
      sender.append('events', 1, [recordOf('x')]),
      sender.append('events', 0, [recordOf('d')]),
    ];
    answer([7]);
    expect(await first).toEqual([7]);
    const second = await request(1);
    expect(second.batches.map((b) => [b.partition, texts(b)])).toEqual([
      [0, ['b', 'c', 'd']],
      [1, ['x']],
    ]);
    second.answer([8, 100]);
    expect(await Promise.all(rest)).toEqual([[8, 9], [100], [10]]);
    expect(seconds).toHaveLength(2);
  });

  it('keeps batches and requests within their bounds, a larger append alone', async () => {
    const { sender, request } = createBrokers();
    const sized = (length: number) => [{ key: null, value: Buffer.alloc(length, 'a'), headers: {} }];
    const appends = [600, 300, 300, 3_000].map((length) => sender.append('events', 0, sized(length)));
    for (const [number, lengths] of [[600, 300], [300], [3_000]].entries()) {
      const { batches, answer } = await request(number);
      expect(batches[0]!.records.map((r) => r.value.length)).toEqual(lengths);
      answer([number * 10]);
    }
    expect(await Promise.all(appends)).toEqual([[0], [1], [10], [20]]);
    await expect(sender.append('events', 0, sized(6_000))).rejects.toMatchObject({ code: 'out_of_range' });
  });

  it('refuses what is too much, and takes again when there is room', async () => {
    const { sender, request } = createBrokers({ pendingBytes: 100 });
    const first = sender.append('events', 0, [recordOf('a')]);
    const refused = sender.append('events', 0, [recordOf('b'.repeat(80))]);
    await expect(refused).rejects.toMatchObject({ code: 'overloaded' });
    (await request(0)).answer([0]);
    await first;
    const second = sender.append('events', 0, [recordOf('b'.repeat(80))]);
    (await request(1)).answer([1]);
    expect(await second).toEqual([1]);
  });

  it('gives up at the deadline; what was not sent yet is not sent any more', async () => {
    const { sender, requests, request } = createBrokers({ deadline: 500, pendingBytes: 130 });
    const first = sender.append('events', 0, [recordOf('a')]).catch((error) => error);
    const { answer } = await request(0);
    const second = sender.append('events', 0, [recordOf('b')]).catch((error) => error);
    expect(await Promise.all([first, second])).toMatchObject([
      { code: 'log_unavailable' },
      { code: 'log_unavailable' },
    ]);
    await sender.drain();
    answer([0]);
    const third = sender.append('events', 0, [recordOf('c')]);
    const { batches, answer: answerThird } = await request(1);
    expect(batches.map(texts)).toEqual([['c']]);
    answerThird([1]);
    expect(await third).toEqual([1]);
    expect(requests).toHaveLength(2);
  });

  it('rejects the appends of a request that failed, and goes on with the next', async () => {
    const { sender, request } = createBrokers();
    const first = sender.append('events', 0, [recordOf('a')]);
    (await request(0)).answer(new Error('gone'));
    await expect(first).rejects.toMatchObject({
      code: 'log_unavailable',
      message: expect.stringContaining('gone'),
    });
    const second = sender.append('events', 0, [recordOf('b')]);
    (await request(1)).answer([0]);
    expect(await second).toEqual([0]);
  });

  it('refuses a topic or partition that is not there, and nothing beside it', async () => {
    const { sender, request } = createBrokers();
    const outcomes = [
      sender.append('system', 0, [recordOf('a')]),
      sender.append('events', 2, [recordOf('a')]),
      sender.append('events', 1, [recordOf('a')]),
    ];
    await expect(outcomes[0]).rejects.toThrow('Topic system does not exist');
    await expect(outcomes[1]).rejects.toThrow('Topic events has no partition 2');
    (await request(0)).answer([5]);
    expect(await outcomes[2]).toEqual([5]);
  });
});
