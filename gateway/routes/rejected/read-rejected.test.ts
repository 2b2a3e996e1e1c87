import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import type { RejectedPage } from '#contracts/log/rejected-record.ts';
import { topics } from '#contracts/log/topics.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import type { Log } from '#platform/log/log.ts';
import { readRejected } from './read-rejected.ts';
import { readRejectedQuery } from './rejected-query.ts';

const CODES = ['invalid_key', 'invalid_json', 'wrong_type'] as const;
type Entry = { code: (typeof CODES)[number] } | { leftOut: Record<string, number> } | { garbage: string };

const openLog = async (): Promise<Log> => {
  const opened = createMemoryLog();
  await opened.ensureTopics(topics(1));
  return opened;
};
let log: Log;
beforeEach(async () => {
  log = await openLog();
});
afterEach(() => log.close());

let time = 0;
const textOf = (entry: Entry): string => {
  if ('garbage' in entry) return entry.garbage;
  time++;
  if ('leftOut' in entry) return JSON.stringify({ time, since: 0, leftOut: entry.leftOut });
  return JSON.stringify({ time, code: entry.code, message: `no. ${time}`, body: '' });
};
/** Appends records; returns those that a reader may be shown. */
const append = async (entries: readonly Entry[], to = log): Promise<{ code: string; time: number }[]> => {
  const texts = entries.map(textOf);
  const records = texts.map((text) => ({ key: null, value: Buffer.from(text), headers: {} }));
  await to.append('rejected', 0, records);
  return texts.flatMap((text, i) => ('code' in entries[i]! ? [JSON.parse(text)] : []));
};
const read = (
  parameters: Record<string, string>,
  from: Pick<Log, 'bounds' | 'tail'> = log,
): Promise<RejectedPage> => {
  const query = readRejectedQuery(parameters);
  if (!query.ok) throw new Error(query.fault.message);
  return readRejected(from, query.value, new AbortController().signal);
};
/** Reads page after page to the end; `between` runs before each further one. */
const readAll = async (
  parameters: Record<string, string>,
  { from = log, between = async () => {} }: { from?: Log; between?: () => Promise<unknown> } = {},
): Promise<{ records: RejectedPage['rejected']; leftOut: Record<string, number>; pages: RejectedPage[] }> => {
  const pages = [await read(parameters, from)];
  for (let { next } = pages[0]!; next !== null; next = pages.at(-1)!.next) {
    await between();
    pages.push(await read({ ...parameters, cursor: next }, from));
  }
  const leftOut: Record<string, number> = {};
  for (const page of pages)
    for (const [code, n] of Object.entries(page.leftOut)) leftOut[code] = (leftOut[code] ?? 0) + n;
  return { pages, leftOut, records: pages.flatMap(({ rejected }) => rejected) };
};

const entry: fc.Arbitrary<Entry> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ code: fc.constantFrom(...CODES) }) },
  fc.record({ leftOut: fc.dictionary(fc.constantFrom(...CODES), fc.integer({ min: 1, max: 9 })) }),
  fc.record({ garbage: fc.constantFrom('', '{', '[]', '7', '{"time":1}', '"x"', 'x'.repeat(100_000)) }),
);

describe('pages of what was refused', () => {
  it('hold each record once, newest first, whatever is written meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.subarray([...CODES]),
        fc.array(entry, { maxLength: 5 }),
        async (entries, limit, codes, later) => {
          const own = await openLog();
          const all = await append(entries, own);
          const isAsked = (code: string): boolean => codes.length === 0 || (codes as string[]).includes(code);
          const parameters = {
            limit: String(limit),
            ...(codes.length === 0 ? {} : { code: codes.join() }),
          };
          const between = () => append(later, own);
          const { records, leftOut, pages } = await readAll(parameters, { from: own, between });
          expect(records).toEqual(all.filter(({ code }) => isAsked(code)).reverse());
          for (const page of pages) expect(page.rejected.length).toBeLessThanOrEqual(limit);
          for (const code of CODES) {
            let said = 0;
            for (const one of entries) if ('leftOut' in one) said += one.leftOut[code] ?? 0;
            expect(leftOut[code] ?? 0).toBe(isAsked(code) ? said : 0);
          }
          await own.close();
        },
      ),
      { numRuns: 100 },
    );
  });

  it('look at a bounded number of records, and say where to go on', async () => {
    const flood = (n: number): Entry[] => Array.from({ length: n }, () => ({ code: 'invalid_key' }));
    const [wanted] = await append([{ code: 'wrong_type' }]);
    for (let i = 0; i < 45; i++) await append(flood(1_000));
    const { pages, records } = await readAll({ code: 'wrong_type' });
    expect(pages.map(({ rejected }) => rejected.length)).toEqual([0, 0, 1]);
    expect(records).toEqual([wanted]);
    const { records: everything } = await readAll({ limit: '1000' });
    expect(everything).toHaveLength(45_001);
  });

  it('are empty where nothing was refused, and at a cursor of a log that held more', async () => {
    const empty = { rejected: [], leftOut: {}, next: null };
    expect(await read({})).toEqual(empty);
    const all = await append([{ code: 'invalid_json' }, { code: 'wrong_type' }]);
    const { next } = await read({ limit: '1' });
    const beyond = Buffer.from('999999').toString('base64url');
    expect((await read({ cursor: beyond })).rejected).toEqual(all.toReversed());
    const fresh = await openLog();
    expect(await read({ cursor: next! }, fresh)).toEqual(empty);
    await fresh.close();
  });

  it('go on where retention has reached what they were to read', async () => {
    const all = await append(Array.from({ length: 300 }, () => ({ code: 'invalid_key' }) as const));
    let lost = 0;
    const expiring: Pick<Log, 'bounds' | 'tail'> = {
      bounds: async () => [{ partition: 0, start: lost, end: 300 }],
      async tail(topic, partition, from, handler, failed) {
        if (from >= 150) return log.tail(topic, partition, from, handler, failed);
        lost = 150;
        failed(new MillraceError({ code: 'position_out_of_bounds', message: 'expired' }));
        return { close: async () => {} };
      },
    };
    const page = await read({ limit: '1000' }, expiring);
    expect(page).toEqual({ rejected: all.slice(150).reverse(), leftOut: {}, next: null });
  });

  it('are given up with a code when the Log does not answer', async () => {
    const error = new MillraceError({ code: 'log_unavailable', message: 'away' });
    const away: Pick<Log, 'bounds' | 'tail'> = {
      bounds: log.bounds,
      async tail(_topic, _partition, _from, _handler, failed) {
        failed(error);
        return { close: async () => {} };
      },
    };
    await append([{ code: 'invalid_key' }]);
    await expect(read({}, away)).rejects.toBe(error);
  });

  it('are not read on for a caller that is gone', async () => {
    for (let i = 0; i < 5; i++)
      await append(Array.from({ length: 500 }, () => ({ code: 'invalid_key' }) as const));
    let reads = 0;
    const gone = new AbortController();
    const counted: Pick<Log, 'bounds' | 'tail'> = {
      bounds: log.bounds,
      tail(...given) {
        reads++;
        gone.abort();
        return log.tail(...given);
      },
    };
    await readRejected(counted, { limit: 1_000, codes: new Set(['wrong_type']), before: null }, gone.signal);
    expect(reads).toBe(1);
  });
});
