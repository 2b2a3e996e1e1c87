import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FaultScope, StoreFault } from '#platform/store/store.ts';
import type { Refused } from './row-search.ts';
import { createRowWriter } from './row-writer.ts';

const fault = (scope: FaultScope, message = scope) =>
  new StoreFault({ code: scope === 'rows' ? 'internal' : 'store_unavailable', message }, scope);

/** A table that refuses what `refuses` says, and counts. */
function writerOn(refuses: (rows: readonly number[]) => unknown, closing = new AbortController().signal) {
  const table = new Set<number>();
  const told: number[] = [];
  let inserts = 0;
  const writer = createRowWriter<number>({
    async insert(rows) {
      inserts++;
      const error = refuses(rows);
      if (error !== null) throw error;
      for (const row of rows) table.add(row);
    },
    nameOf: String,
    setAside: (refused: readonly Refused<number>[]) => void told.push(...refused.map(({ row }) => row)),
    closing,
  });
  return { writer, table, told, inserts: () => inserts };
}

/** As a flush does: tries until the write succeeds, at most `most` times. */
async function flush(write: () => Promise<void>, most: number): Promise<boolean> {
  for (let n = 0; n < most; n++) {
    try {
      await write();
      return true;
    } catch {}
  }
  return false;
}
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('a row writer', () => {
  it('sets aside exactly the rows that are refused while others are accepted, and writes all others', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 600 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 599 }), { maxLength: 40 }),
        async (size, bad) => {
          const refused = new Set(bad);
          const { writer, table, told, inserts } = writerOn((rows) =>
            rows.some((row) => refused.has(row)) ? fault('rows') : null,
          );
          const rows = upTo(size);
          const before = inserts();
          expect(await flush(() => writer.write(rows), 8)).toBe(true);
          const expected = rows.filter((row) => refused.has(row));
          expect(told.toSorted((a, b) => a - b)).toEqual(expected);
          expect([...table].toSorted((a, b) => a - b)).toEqual(rows.filter((row) => !refused.has(row)));
          expect(inserts() - before).toBeLessThanOrEqual(8 * (256 + 2 + 3 * expected.length));
          // The commit row failed: the same rows are written again, and nothing is reported twice.
          await writer.write(rows);
          expect(told).toHaveLength(expected.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(['store', 'unknown', 'rows'] as const)(
    'blames no row when none is accepted, by a fault of kind %s, and continues when it has passed',
    async (scope) => {
      let away = false;
      const { writer, table, told, inserts } = writerOn(() => (away ? fault(scope) : null));
      await writer.write([0]);
      away = true;
      const rows = upTo(1_000);
      expect(await flush(() => writer.write(rows), 40)).toBe(false);
      expect(told).toEqual([]);
      // One look whether anything goes in, no search.
      expect(inserts()).toBeLessThanOrEqual(1 + 2 * 40);
      away = false;
      await writer.write(rows);
      expect(table.size).toBe(1_000);
    },
  );

  it('blames no row before another one was written', async () => {
    const { writer, told } = writerOn(() => fault('rows'));
    expect(await flush(() => writer.write([1]), 20)).toBe(false);
    expect(await flush(() => writer.write(upTo(50)), 20)).toBe(false);
    expect(told).toEqual([]);
  });

  it('never sets a row aside for lack of space, though smaller ones still fit', async () => {
    const { writer, table, told } = writerOn((rows) =>
      rows.some((row) => row > 10) ? fault('store') : null,
    );
    await writer.write([1, 2]);
    expect(await flush(() => writer.write(upTo(30)), 30)).toBe(false);
    expect(told).toEqual([]);
    expect(table.size).toBe(2);
  });

  it('retries on a fault that may pass, then splits the batch', async () => {
    let refusals = 0;
    const { writer, table, told } = writerOn((rows) => {
      // Too much at once, whatever the rows.
      if (rows.length <= 100) return null;
      refusals++;
      return fault('unknown');
    });
    const rows = upTo(1_000);
    expect(await flush(() => writer.write(rows), 4)).toBe(false);
    expect([refusals, table.size]).toEqual([4, 0]);
    await writer.write(rows);
    expect(table.size).toBe(1_000);
    expect(told).toEqual([]);
  });

  it('treats an exception while a row is serialized as a fault of that row', async () => {
    const { writer, table, told } = writerOn((rows) =>
      rows.includes(7) ? new RangeError('Maximum call stack size exceeded') : null,
    );
    await writer.write(upTo(20));
    expect(told).toEqual([7]);
    expect(table.size).toBe(19);
  });

  it('stops trying a row when the worker closes', async () => {
    const stop = new AbortController();
    const { writer, told } = writerOn((rows) => (rows.includes(7) ? fault('unknown') : null), stop.signal);
    await flush(() => writer.write(upTo(20)), 4);
    const last = writer.write(upTo(20));
    stop.abort();
    await expect(last).rejects.toThrow('unknown');
    expect(told).toEqual([]);
  });
});
