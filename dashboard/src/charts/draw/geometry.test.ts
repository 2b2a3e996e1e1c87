import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FORMATS } from '../../../testing/usual-formats.ts';
import { evenTimes, listedTimes } from '../trace/window-times.ts';
import { momentLabel, snapTime, timeOfWindow, windowAt } from './geometry.ts';

const kind = fc.constantFrom('line' as const, 'area' as const, 'bars' as const);
const window = fc.constantFrom(1_000, 10_000, 30_000, 60_000, 3_600_000);
const time = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });

it('reads back the window that a reading time is of', () => {
  fc.assert(
    fc.property(kind, window, time, (one, length, t) => {
      const times = evenTimes({ every: length });
      const index = Math.floor(t / length);
      expect(windowAt(times, timeOfWindow(one, times, index))).toBe(index);
      const snapped = snapTime(one, times, t);
      expect(Math.abs(snapped - t)).toBeLessThanOrEqual(length / 2);
      expect(timeOfWindow(one, times, windowAt(times, snapped))).toBe(snapped);
    }),
  );
});

it('reads one moment alike in plots of every kind and window: the longer window holds the shorter one', () => {
  fc.assert(
    fc.property(kind, window, window, time, (one, a, b, t) => {
      const [short, long] = a <= b ? [a, b] : [b, a];
      const [fine, coarse] = [evenTimes({ every: short }), evenTimes({ every: long })];
      const at = snapTime(one, fine, t);
      const [inner, outer] = [windowAt(fine, at) * short, windowAt(coarse, at) * long];
      expect(inner).toBeGreaterThanOrEqual(outer);
      expect(inner + short).toBeLessThanOrEqual(outer + long);
    }),
  );
});

it('says from when to when a bar counts, and the moment of a line', () => {
  const at = new Date(2026, 10, 23, 14, 0, 30).getTime();
  const times = evenTimes({ every: 30_000 });
  expect(momentLabel({ kind: 'bars', times }, at + 15_000, { now: at, formats: FORMATS })).toBe(
    '14:00:30–14:01:00',
  );
  expect(momentLabel({ kind: 'line', times }, at, { now: at, formats: FORMATS })).toBe('14:00:30');
  const midnight = new Date(2026, 10, 23).getTime();
  const days = listedTimes([midnight, midnight + 86_400_000, midnight + 2 * 86_400_000]);
  expect(momentLabel({ kind: 'bars', times: days }, midnight + 1, { now: at, formats: FORMATS })).toBe(
    '23 Nov',
  );
  const elsewhere = listedTimes([midnight - 3_600_000, midnight + 82_800_000]);
  expect(momentLabel({ kind: 'bars', times: elsewhere }, midnight, { now: at, formats: FORMATS })).toBe(
    '22 Nov 23:00–23 Nov 23:00',
  );
});
