import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '#contracts/text/duration.ts';
import { FORMATS } from '../../testing/usual-formats.ts';
import { between, LEAST_RANGE, last, RANGES, timesOf } from './page-range.ts';
import { chosen, shift, zoom } from './zoom-range.ts';

const NOW = 1_790_000_000_000;
const { calendar } = FORMATS;
const live = { now: NOW, calendar, at: null };

it('goes to the next range that is offered while the board is live and nothing is read', () => {
  expect(zoom(last(15 * MINUTE), 'in', live)).toEqual(last(5 * MINUTE));
  expect(zoom(last(15 * MINUTE), 'out', live)).toEqual(last(HOUR));
  expect(zoom(last(2 * HOUR), 'in', live)).toEqual(last(HOUR));
  expect(zoom(last(RANGES[0]), 'in', live)).toEqual(last(RANGES[0]));
  expect(zoom(last(365 * DAY), 'out', live)).toEqual(last(365 * DAY));
});

it('halves a range around what is read, which keeps its place in the picture', () => {
  const at = NOW - 10 * MINUTE;
  expect(zoom(last(15 * MINUTE), 'in', { ...live, at })).toEqual(
    between(NOW - 12.5 * MINUTE, NOW - 5 * MINUTE),
  );
  const closed = between(NOW - 2 * HOUR, NOW - HOUR);
  expect(zoom(closed, 'in', live)).toEqual(between(NOW - 105 * MINUTE, NOW - 75 * MINUTE));
  expect(zoom(closed, 'out', live)).toEqual(between(NOW - 150 * MINUTE, NOW - 30 * MINUTE));
});

it('moves by half, and becomes live again at now', () => {
  const earlier = shift(last(HOUR), -1, live);
  expect(earlier).toEqual(between(NOW - 90 * MINUTE, NOW - 30 * MINUTE));
  expect(shift(earlier, 1, live)).toEqual(last(HOUR));
  expect(shift(earlier, 1, { ...live, now: NOW + 5 * MINUTE })).toEqual(last(HOUR));
  expect(shift(earlier, 1, { ...live, now: NOW + HOUR })).toEqual(between(NOW - HOUR, NOW));
  expect(shift(last(HOUR), 1, live)).toEqual(last(HOUR));
});

it('never reaches beyond now, and is never shorter than can be drawn', () => {
  const time = fc.integer({ min: NOW - DAY, max: NOW + DAY });
  fc.assert(
    fc.property(time, time, fc.constantFrom('in' as const, 'out' as const), (a, b, by) => {
      for (const range of [chosen(a, b, NOW), zoom(chosen(a, b, NOW), by, { ...live, at: a })]) {
        const { from, to } = timesOf(range, NOW, calendar);
        expect(to).toBeLessThanOrEqual(NOW);
        expect(to - from).toBeGreaterThanOrEqual(LEAST_RANGE);
        expect([from % 1_000, to % 1_000]).toEqual([0, 0]);
      }
    }),
  );
});
