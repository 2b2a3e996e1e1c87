import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeConsume } from './consume.conformance.ts';
import { type LogRecord, MAX_RECORD_BYTES, type StoredRecord } from './log.ts';
import {
  eventually,
  type LogHarness,
  PARTITIONS,
  recordOf,
  SPECS,
  textOf,
} from './log-harness.conformance.ts';
import { describeTail } from './tail.conformance.ts';

/** What every adapter of the Log must do, whatever it is built on. Assumes no offset but the ones that the log gives. */
export function describeLog(name: string, open: () => Promise<LogHarness>): void {
  describe(`log: ${name}`, () => {
    let harness: LogHarness;
    beforeEach(async () => {
      harness = await open();
      await harness.log.ensureTopics(SPECS);
    });
    afterEach(() => harness.dispose());

    describeAppend(() => harness);
    describeTail(() => harness);
    describeConsume(() => harness);
  });
}

/** Reads partition 0 of `updates` from its start until `count` records have come. */
async function readUpdates({ log }: LogHarness, count: number): Promise<StoredRecord[]> {
  const [bounds] = await log.bounds('updates');
  const found: StoredRecord[] = [];
  const failures: Error[] = [];
  const tail = await log.tail(
    'updates',
    0,
    bounds!.start,
    (r) => void found.push(...r),
    (e) => failures.push(e),
  );
  await eventually(() => {
    expect(failures).toEqual([]);
    expect(found.length).toBeGreaterThanOrEqual(count);
  });
  await tail.close();
  return found;
}

const records = fc.array(
  fc.record({
    key: fc.option(fc.uint8Array({ minLength: 1, maxLength: 20 })),
    value: fc.uint8Array({ minLength: 1, maxLength: 200 }),
    headers: fc.dictionary(
      fc.stringMatching(/^[a-z-]{1,12}$/),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
    ),
  }),
  { minLength: 1, maxLength: 12 },
);
const plain = ({ key, value, headers }: LogRecord) => ({
  key: key === null ? null : [...key],
  value: [...value],
  headers: { ...headers },
});

function describeAppend(harness: () => LogHarness): void {
  it('gives back what was appended, in order, at the offsets it returned', async () => {
    const appended: LogRecord[] = [];
    const offsets: number[] = [];
    await fc.assert(
      fc.asyncProperty(records, async (batch) => {
        offsets.push(...(await harness().log.append('updates', 0, batch)));
        appended.push(...batch);
      }),
      { numRuns: 15 },
    );
    const found = await readUpdates(harness(), appended.length);
    expect(found.map((r) => r.offset)).toEqual(offsets);
    expect(found.map(plain)).toEqual(appended.map(plain));
    expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
    for (const { time } of found) expect(Math.abs(time - Date.now())).toBeLessThan(3_600_000);
  });

  it('keeps the order of calls to one partition, and partitions apart', async () => {
    const { log } = harness();
    const calls = Array.from({ length: 60 }, (_, i) => log.append('events', i % 3, [recordOf(`${i}`)]));
    const offsets = (await Promise.all(calls)).map(([offset]) => offset!);
    for (let i = 3; i < 60; i++) expect(offsets[i]).toBeGreaterThan(offsets[i - 3]!);
    const bounds = await log.bounds('events');
    expect(bounds.map((b) => b.partition)).toEqual([0, 1, 2, 3]);
    expect(bounds[3]!.end).toBe(bounds[3]!.start);
    for (const i of [0, 1, 2]) expect(bounds[i]!.end).toBeGreaterThan(offsets[57 + i]!);
  });

  it('takes the bytes when append is called, so that the caller may use its buffer again', async () => {
    const value = Buffer.from('before');
    const appended = harness().log.append('updates', 0, [{ key: null, value, headers: {} }]);
    value.fill('x');
    await appended;
    expect((await readUpdates(harness(), 1)).map(textOf)).toEqual(['before']);
  });

  it('returns no offsets for no records', async () => {
    expect(await harness().log.append('updates', 0, [])).toEqual([]);
  });

  it('takes a record of the largest size and refuses a larger one, alone and among others', async () => {
    const { log } = harness();
    const sized = (length: number): LogRecord => ({
      key: null,
      value: Buffer.alloc(length, 'a'),
      headers: {},
    });
    await log.append('updates', 0, [sized(MAX_RECORD_BYTES)]);
    const refused = log.append('updates', 0, [recordOf('a'), sized(MAX_RECORD_BYTES + 1)]);
    await expect(refused).rejects.toMatchObject({ code: 'out_of_range' });
    await log.append('updates', 0, [recordOf('after')]);
    expect((await readUpdates(harness(), 2)).map((r) => r.value.length)).toEqual([MAX_RECORD_BYTES, 5]);
  });

  it('creates topics once and refuses another number of partitions', async () => {
    const { log, other } = harness();
    await log.append('updates', 0, [recordOf('kept')]);
    await other.ensureTopics(SPECS);
    const wider = SPECS.map((spec) => ({ ...spec, partitions: PARTITIONS + 1 }));
    await expect(other.ensureTopics(wider)).rejects.toMatchObject({ code: 'unsupported_format' });
    expect(await log.bounds('events')).toHaveLength(PARTITIONS);
    expect((await readUpdates(harness(), 1)).map(textOf)).toEqual(['kept']);
  });

  it('refuses to release what is not there yet', async () => {
    const { log } = harness();
    const [offset] = await log.append('events', 0, [recordOf('a')]);
    await log.release('events', 0, offset!);
    const { end } = (await log.bounds('events'))[0]!;
    await expect(log.release('events', 0, end + 1)).rejects.toMatchObject({ code: 'position_out_of_bounds' });
  });

  it('closes once, with appends under way done, and then refuses', async () => {
    const { log } = harness();
    const appended = log.append('updates', 0, [recordOf('last')]);
    await Promise.all([log.close(), log.close()]);
    expect(await appended).toHaveLength(1);
    await expect(log.append('updates', 0, [recordOf('late')])).rejects.toMatchObject({
      code: 'shutting_down',
    });
    await expect(log.bounds('updates')).rejects.toMatchObject({ code: 'shutting_down' });
  });
}
