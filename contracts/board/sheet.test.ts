import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findOverlap, freeRow, separate } from './sheet.ts';

const place = fc
  .record({
    x: fc.integer({ min: 0, max: 11 }),
    y: fc.integer({ min: 0, max: 40 }),
    w: fc.integer({ min: 1, max: 12 }),
    h: fc.integer({ min: 1, max: 20 }),
  })
  .map((one) => ({ ...one, w: Math.min(one.w, 12 - one.x) }));
const sheet = fc
  .array(place, { maxLength: 30 })
  .map((places) => places.map((one, i) => ({ id: `p${i}`, place: one })));
const placesOf = (panels: { place: { x: number; y: number; w: number; h: number } }[]) =>
  panels.map((panel) => panel.place);

/** Every cell of the sheet that two places hold, by counting. */
function shared(places: { x: number; y: number; w: number; h: number }[]): number {
  const cells = new Map<string, number>();
  for (const { x, y, w, h } of places)
    for (let c = x; c < x + w; c++)
      for (let r = y; r < y + h; r++) cells.set(`${c},${r}`, (cells.get(`${c},${r}`) ?? 0) + 1);
  return [...cells.values()].filter((n) => n > 1).length;
}

describe('a sheet', () => {
  it('has an overlap exactly where two panels hold one cell', () => {
    fc.assert(
      fc.property(sheet, (panels) => {
        expect(findOverlap(placesOf(panels)) === null).toBe(shared(placesOf(panels)) === 0);
      }),
    );
  });

  it('has none once its panels are separated, which only moves them down', () => {
    fc.assert(
      fc.property(sheet, (panels) => {
        const apart = separate(panels);
        expect(shared(placesOf(apart))).toBe(0);
        apart.forEach(({ id, place: now }, i) => {
          const { id: same, place: before } = panels[i]!;
          expect({ id, ...now, y: 0 }).toEqual({ id: same, ...before, y: 0 });
          expect(now.y).toBeGreaterThanOrEqual(before.y);
        });
        expect(separate(apart)).toEqual(apart);
        if (shared(placesOf(panels)) === 0) expect(apart).toEqual(panels);
      }),
    );
  });

  it('names the two panels that meet first', () => {
    const row = { y: 0, w: 4, h: 2 };
    expect(
      findOverlap([
        { x: 0, ...row },
        { x: 4, ...row },
        { x: 7, ...row },
      ]),
    ).toEqual({ index: 2, with: 1 });
    expect(freeRow({ x: 7, ...row }, [{ x: 4, ...row }])).toBe(2);
  });
});
