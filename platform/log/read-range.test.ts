import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { topics } from '#contracts/log/topics.ts';
import { createMemoryLog } from './local/memory-log.ts';
import type { Log } from './log.ts';
import { readRange } from './read-range.ts';

const LIMITS = { bytes: 1_000_000, time: 20_000 };

let log: Log;
beforeEach(async () => {
  log = createMemoryLog();
  await log.ensureTopics(topics(1));
});
afterEach(() => log.close());

const append = (...texts: string[]) =>
  log.append(
    'rejected',
    0,
    texts.map((text) => ({ key: null, value: Buffer.from(text), headers: {} })),
  );
const read = async (from: number, before: number, limits = LIMITS) => {
  const range = await readRange(log, { topic: 'rejected', partition: 0, from, before }, limits);
  return { from: range.from, texts: range.records.map(({ value }) => Buffer.from(value).toString()) };
};

describe('readRange', () => {
  it('reads what is asked for, no record more', async () => {
    await append('a', 'b', 'c', 'd');
    expect(await read(1, 3)).toEqual({ from: 1, texts: ['b', 'c'] });
    expect(await read(0, 4)).toEqual({ from: 0, texts: ['a', 'b', 'c', 'd'] });
    expect(await read(2, 2)).toEqual({ from: 2, texts: [] });
  });

  it('keeps the newest records of a range that is too large, and says where they begin', async () => {
    await append('aaaa', 'bbbb', 'cccc', 'dddd');
    expect(await read(0, 4, { ...LIMITS, bytes: 9 })).toEqual({ from: 2, texts: ['cccc', 'dddd'] });
    expect(await read(0, 3, { ...LIMITS, bytes: 1 })).toEqual({ from: 2, texts: ['cccc'] });
  });

  it('says that retention has reached the range', async () => {
    await expect(read(5, 7)).rejects.toMatchObject({ code: 'position_out_of_bounds' });
  });

  it('ends a tail that gives nothing, and says so', async () => {
    let closed = 0;
    const silent: Pick<Log, 'tail'> = { tail: async () => ({ close: async () => void closed++ }) };
    const range = { topic: 'rejected', partition: 0, from: 0, before: 1 } as const;
    const given = readRange(silent, range, { ...LIMITS, time: 1 });
    await expect(given).rejects.toMatchObject({ code: 'log_unavailable' });
    expect(closed).toBe(1);
  });

  it('ends a tail that fails, also before it is open', async () => {
    const range = { topic: 'rejected', partition: 0, from: 0, before: 1 } as const;
    const failing: Pick<Log, 'tail'> = {
      async tail(_topic, _partition, _from, _handler, failed) {
        failed(new Error('lost'));
        await new Promise(setImmediate);
        return { close: async () => {} };
      },
    };
    await expect(readRange(failing, range, LIMITS)).rejects.toThrow('lost');
  });
});
