import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdWindow, readIdsAfter } from './id-window.ts';

interface Copy {
  offset: number;
  id: number;
  ts: number;
}

const settings = { horizon: 5_000, groups: 1, ids: 6 };
const blockArb = fc.array(fc.record({ id: fc.nat(9), ts: fc.nat(20_000) }), { maxLength: 5 });

describe('the id window', () => {
  it('answers the same after a restore from first copies at any block', () => {
    fc.assert(
      fc.property(fc.array(blockArb, { maxLength: 25 }), fc.nat(25), (blocks, cut) => {
        const whole = createIdWindow({ from: 0, after: null });
        const firsts: Copy[] = [];
        let restored: ReturnType<typeof createIdWindow> | null = null;
        let watermark: number | null = null;
        for (const [offset, block] of blocks.entries()) {
          if (offset === cut) restored = restore(whole.bounds, firsts, offset, watermark);
          for (const { id, ts } of block) {
            const admitted = whole.admit(id, id + 7, ts);
            if (restored) expect(restored.admit(id, id + 7, ts)).toBe(admitted);
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

  it('survives growth and sweeps of dead ids', () => {
    const ids = createIdWindow({ from: 0, after: null });
    const wide = { horizon: 1_000, groups: 1, ids: 1_000_000 };
    ids.admit(4_000_000_000, 1, 1e9);
    for (let block = 0; block < 200; block++) {
      for (let i = 0; i < 50; i++) expect(ids.admit(block, i, block * 1_000)).toBe(true);
      for (let i = 0; i < 50; i++) expect(ids.admit(block, i, block * 1_000)).toBe(false);
      expect(ids.admit(4_000_000_000, 1, 0)).toBe(false);
      ids.closeBlock(block, block * 1_000, wide);
    }
    expect(ids.live).toBeLessThan(200);
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
      if (c.offset === offset && offset >= bounds.from) window.admit(c.id, c.id + 7, c.ts);
    if (live.some((c) => c.offset === offset)) window.closeBlock(offset, watermark, settings);
  }
  return window;
}
