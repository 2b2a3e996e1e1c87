import fc from 'fast-check';
import { expect, it } from 'vitest';
import { columnsOf } from '../strip/strip-columns.ts';
import { evenTimes } from '../trace/window-times.ts';
import { chooseSpan } from './choose-span.ts';
import type { Geometry } from './geometry.ts';

const TIMES = evenTimes({ every: 10_000 });
const START = 1_790_000_000_000;
/** 400 px of 400 s: a window is 10 px wide. */
const g: Geometry = {
  area: { left: 40, right: 440, top: 8, bottom: 120 },
  ...{ width: 540, height: 140, ratio: 1, scale: { min: 0, max: 1, ticks: [] }, columns: 400 },
  ...{ msPerColumn: 1_000, windows: columnsOf(TIMES, 1_000), edge: START / 1_000 + 400 },
};

it('takes whole windows, whichever way it is drawn', () => {
  const wanted = {
    from: START + 100_000,
    to: START + 130_000,
    left: 140,
    right: 170,
    top: 8,
    bottom: 120,
    flip: false,
  };
  expect(chooseSpan(g, TIMES, [144, 163])).toEqual(wanted);
  expect(chooseSpan(g, TIMES, [163, 144])).toEqual(wanted);
});

it('stays within the plot, and always holds what was drawn over', () => {
  const x = fc.integer({ min: -100, max: 700 });
  fc.assert(
    fc.property(x, x, (a, b) => {
      const { from, to, left, right } = chooseSpan(g, TIMES, [a, b]);
      expect(from).toBeGreaterThanOrEqual(START);
      expect(to).toBeLessThanOrEqual(START + 400_000);
      const within = (px: number): number => Math.max(40, Math.min(440, px));
      expect(left).toBeLessThanOrEqual(within(Math.min(a, b)));
      expect(right).toBeGreaterThanOrEqual(within(Math.max(a, b)) - 1e-6);
      expect((right - left) / 400).toBeCloseTo((to - from) / 400_000);
    }),
  );
});
