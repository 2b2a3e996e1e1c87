import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdTable } from './id-table.ts';
import { createIdWindow, readIdsAfter } from './id-window.ts';

interface Copy {
  offset: number;
  id: number;
  ts: number;
}

const settings = { horizon: 5_000, groups: 1, ids: 6 };
const blockArb = fc.array(fc.record({ id: fc.nat(9), ts: fc.nat(20_000) }), { maxLength: 5 });

describe('the id window', () => {
  it('gives the same results after a restore from first copies at any block', () => {
    fc.assert(
      fc.property(fc.array(blockArb, { maxLength: 25 }), fc.nat(25), (blocks, cut) => {
        const whole = createIdWindow({ from: 0, after: null });
        const firsts: Copy[] = [];
        let restored: ReturnType<typeof createIdWindow> | null = null;
        let watermark: number | null = null;
        for (const [offset, block] of blocks.entries()) {
          if (offset === cut) restored = restore(whole.bounds, firsts, offset, watermark);
          for (const { id, ts } of block) {
            const admitted = whole.addIfNew(id, id + 7, ts);
            if (restored) expect(restored.addIfNew(id, id + 7, ts)).toBe(admitted);
            if (admitted) firsts.push({ offset, id, ts });
            watermark = Math.max(watermark ?? 0, ts);
          }
          whole.closeBlock(offset, watermark, settings);
          restored?.closeBlock(offset, watermark, settings);
          if (restored) expect(restored.bounds).toEqual(whole.bounds);
          expect(whole.live).toBeLessThanOrEqual(settings.ids);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('counts the ids that are too old to be remembered: a repeat of them is a first copy again', () => {
    const ids = createIdWindow({ from: 0, after: null });
    const hour = { horizon: 3_600_000, groups: 1, ids: 1_000 };
    const now = 1e9;
    expect(ids.addIfNew(1, 1, now)).toBe(true);
    ids.closeBlock(0, now, hour);
    expect(ids.notRemembered).toBe(0);
    expect(ids.addIfNew(2, 2, now - 7_200_000)).toBe(true);
    expect(ids.notRemembered).toBe(1);
    expect(ids.addIfNew(2, 2, now)).toBe(true);
    expect(ids.addIfNew(2, 2, now)).toBe(false);
    expect(ids.notRemembered).toBe(1);
  });

  it('survives growth and sweeps of dead ids', () => {
    const ids = createIdWindow({ from: 0, after: null });
    const wide = { horizon: 1_000, groups: 1, ids: 1_000_000 };
    ids.addIfNew(4_000_000_000, 1, 1e9);
    for (let block = 0; block < 200; block++) {
      for (let i = 0; i < 50; i++) expect(ids.addIfNew(block, i, block * 1_000)).toBe(true);
      for (let i = 0; i < 50; i++) expect(ids.addIfNew(block, i, block * 1_000)).toBe(false);
      expect(ids.addIfNew(4_000_000_000, 1, 0)).toBe(false);
      ids.closeBlock(block, block * 1_000, wide);
    }
    expect(ids.live).toBeLessThan(200);
  });
});

type TableOp =
  | { do: 'push'; lane: number; count: number }
  | { do: 'shift'; count: number }
  | { do: 'keep'; divisor: number };
const tableOp: fc.Arbitrary<TableOp> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('push' as const),
      lane: fc.nat(200),
      count: fc.integer({ min: 1, max: 60 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('shift' as const), count: fc.nat(50) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('keep' as const), divisor: fc.integer({ min: 2, max: 4 }) }),
  },
);

describe('the table of ids', () => {
  it('finds the newest entry of its lanes, whatever was pushed, forgotten and moved to a new index', () => {
    fc.assert(
      fc.property(fc.array(tableOp, { maxLength: 80 }), (ops) => {
        // So small that it grows and is re-indexed all the time.
        const table = createIdTable(4);
        let held: { a: number; b: number; ts: number }[] = [];
        let time = 0;
        for (const op of ops) {
          if (op.do === 'push') {
            for (let i = 0; i < op.count; i++) {
              const id = { a: (op.lane + i) % 230, b: op.lane % 3, ts: time++ };
              table.push(id.a, id.b, id.ts);
              held.push(id);
            }
          } else if (op.do === 'shift') {
            for (let i = 0; i < op.count && held.length > 0; i++) {
              table.shift();
              held.shift();
            }
          } else {
            const before = held;
            const { first } = table;
            table.keep((entry) => before[entry - first]!.ts % op.divisor !== 0);
            held = held.filter(({ ts }) => ts % op.divisor !== 0);
          }
          expect(table.end - table.first).toBe(held.length);
          for (let a = 0; a < 230; a += 7) {
            for (const b of [0, 1, 2]) {
              const found = table.find(a, b);
              const newest = held.findLast((id) => id.a === a && id.b === b);
              expect(found < 0 ? undefined : table.timeOf(found)).toBe(newest?.ts);
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('grows by no more than a few entries with each push', () => {
    const table = createIdTable(1_024);
    let most = 0;
    for (let i = 0; i < 200_000; i++) {
      const before = table.probes;
      table.push(Math.imul(i, 0x9e3779b1) >>> 0, i, i);
      most = Math.max(most, table.probes - before);
      if (table.end - table.first > 50_000) table.shift();
    }
    // Slots examined; re-indexing all entries at once would take about 50,000.
    expect(most).toBeLessThan(2_000);
  });
});

/** What the partition does on restart: the first copies below P and inside the bounds, in order of position. */
function restore(
  bounds: { from: number; after: number | null },
  firsts: readonly Copy[],
  before: number,
  watermark: number | null,
): ReturnType<typeof createIdWindow> {
  const window = createIdWindow(bounds);
  const live = firsts.filter((c) => c.ts > readIdsAfter(bounds)).slice(-settings.ids);
  for (let offset = 0; offset < before; offset++) {
    for (const c of live)
      if (c.offset === offset && offset >= bounds.from) window.addIfNew(c.id, c.id + 7, c.ts);
    if (live.some((c) => c.offset === offset)) window.closeBlock(offset, watermark, settings);
  }
  return window;
}
