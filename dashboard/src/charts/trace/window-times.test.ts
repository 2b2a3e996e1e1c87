import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evenTimes, listedTimes } from './window-times.ts';

const HOUR = 3_600_000;

it('knows the window that holds a time: each begins where the one before ends', () => {
  const even = fc
    .record({ every: fc.integer({ min: 1, max: 100 }), more: fc.nat(50), anchor: fc.nat(1_000) })
    .map(({ every, more, anchor }) => evenTimes({ every, size: every + more, anchor }));
  const listed = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }).map((lengths) => {
    const bounds = [500];
    for (const length of lengths) bounds.push(bounds.at(-1)! + length);
    return listedTimes(bounds);
  });
  fc.assert(
    fc.property(fc.oneof(even, listed), fc.integer({ min: -500, max: 4_000 }), (times, time) => {
      const index = times.indexAt(time);
      expect(times.startOf(index)).toBeLessThanOrEqual(time + 1e-9);
      expect(times.startOf(index + 1)).toBeGreaterThan(time - 1e-9);
      expect(times.startOf(index + 1)).toBeGreaterThan(times.startOf(index));
    }),
  );
});

it('draws of windows that overlap the part that is new, at their end', () => {
  const hopping = evenTimes({ every: 40, size: 60, anchor: 160 });
  // The window from 160 to 220 is drawn from 180.
  expect(hopping.startOf(hopping.indexOf(160))).toBe(180);
  expect(hopping.startOf(hopping.indexOf(160) + 1)).toBe(220);
});

it('has days of 23 and 25 hours at their places', () => {
  // Berlin, 24 to 27 October 2026: the clocks are set back on the 25th.
  const midnight = Date.parse('2026-10-23T22:00:00Z');
  const days = listedTimes([midnight, midnight + 24 * HOUR, midnight + 49 * HOUR, midnight + 73 * HOUR]);
  expect(days.indexAt(midnight + 48.5 * HOUR)).toBe(1);
  expect(days.startOf(2) - days.startOf(1)).toBe(25 * HOUR);
  expect(days.indexOf(midnight + 49 * HOUR)).toBe(2);
});
