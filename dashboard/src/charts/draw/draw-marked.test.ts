import fc from 'fast-check';
import { expect, it } from 'vitest';
import { columnsOf } from '../strip/strip-columns.ts';
import { evenTimes } from '../trace/window-times.ts';
import { placeMarked } from './draw-marked.ts';
import type { Geometry } from './geometry.ts';

const START = 1_790_000_000_000;
/** 400 px of 400 s. */
const g: Geometry = {
  area: { left: 40, right: 440, top: 8, bottom: 120 },
  ...{ width: 540, height: 140, ratio: 1, scale: { min: 0, max: 1, ticks: [] }, columns: 400 },
  ...{
    msPerColumn: 1_000,
    windows: columnsOf(evenTimes({ every: 10_000 }), 1_000),
    edge: START / 1_000 + 400,
  },
};
const marked = (from: number, to: number) => ({ marked: { from: START + from, to: START + to, label: '' } });

it('is the column of its time, and moves left with the data', () => {
  expect(placeMarked(g, marked(100_000, 110_000))).toEqual({ left: 140, right: 150 });
  expect(placeMarked({ ...g, edge: g.edge + 30 }, marked(100_000, 110_000))).toEqual({
    left: 110,
    right: 120,
  });
});

it('is within the plot, wide enough to be seen, and gone once it has left', () => {
  const ms = fc.integer({ min: -900_000, max: 900_000 });
  fc.assert(
    fc.property(ms, fc.integer({ min: 1, max: 400_000 }), (from, length) => {
      const place = placeMarked(g, marked(from, from + length));
      if (place === null) {
        expect(from + length < 0 || from > 400_000).toBe(true);
        return;
      }
      expect(place.left).toBeGreaterThanOrEqual(g.area.left);
      expect(place.right).toBeLessThanOrEqual(g.area.right);
      expect(place.right - place.left).toBeGreaterThanOrEqual(2);
    }),
  );
  expect(placeMarked(g, { marked: null })).toBeNull();
  expect(placeMarked(g, {})).toBeNull();
});
