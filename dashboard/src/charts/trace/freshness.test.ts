import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hasValues, isFresh, isNews, standOut } from './freshness.ts';
import type { TraceSet } from './trace.ts';

const times = (step: number, until: number): number[] =>
  Array.from({ length: Math.floor(until / step) }, (_, i) => (i + 1) * step);

it('is off at least half of the time, however often a row changes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 20, max: 30_000 }), (every) => {
      const changes = times(every, 120_000);
      const rows = changes.map((changed) => ({ changed, still: every }));
      const ticks = times(200, 120_000);
      const on = ticks.filter((now) => {
        const last = rows.findLast(({ changed }) => changed <= now);
        return last !== undefined && isNews(last, now);
      });
      expect(on.length / ticks.length).toBeLessThanOrEqual(0.55);
      if (every >= 4_000) expect(on.length).toBeGreaterThan(0);
    }),
  );
});

it('marks new rows of a tail while few are new, and none where most are', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 20, max: 20_000 }), (room, every) => {
      const now = 100_000;
      const arrivals = Array.from({ length: room }, (_, i) => now - i * every);
      const young = arrivals.filter((time) => now - time < 2_000).length;
      expect(standOut(arrivals, room, now)).toBe(2 * young <= room);
    }),
  );
  expect(
    standOut(
      Array.from({ length: 17 }, (_, i) => 10_000 - 20 * i),
      17,
      10_000,
    ),
  ).toBe(false);
  expect(standOut([10_000], 17, 10_000)).toBe(true);
});

it('lights the edge of a chart for two seconds after a window has closed, and never where the next follows at once', () => {
  expect([isFresh(10_000, 10_000, 11_900), isFresh(10_000, 10_000, 12_000)]).toEqual([true, false]);
  expect(isFresh(10_000, 2_000, 10_100)).toBe(false);
  expect(isFresh(0, 10_000, 100)).toBe(false);
});

it('does not light the edge for windows without a value', () => {
  const values = [1, 0, Number.NaN, Number.NaN];
  const data = { first: 0, traces: [{}], value: (_: unknown, i: number) => values[i] } as unknown as TraceSet;
  expect([hasValues(data, 0, 1), hasValues(data, 1, 3), hasValues(data, 2, 4)]).toEqual([true, true, false]);
});
