import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AggregateCall } from './aggregate-call.ts';
import { defaultPane, floorTo, isFinal, isLate, leastPane, settlingOf } from './pane.ts';

const time = fc.integer({ min: -1e13, max: 1e13 });
const size = fc.integer({ min: 1, max: 86_400 }).map((s) => s * 1_000);

test.each([
  [1_000, 1_000],
  [60_000, 1_000],
  [61_000, 1_000],
  [70_000, 10_000],
  [600_000, 10_000],
  [660_000, 60_000],
  [605_000, 1_000],
  [86_400_000, 60_000],
])('a window of %d ms has a pane of %d ms', (window, pane) => {
  expect(defaultPane(window)).toBe(pane);
});

test('the default pane divides every window of whole seconds', () => {
  fc.assert(
    fc.property(size, (window) => {
      expect(window % defaultPane(window)).toBe(0);
    }),
  );
});

test.each([
  [1_000, 3_000, 1_000],
  [10_000, 3_000, 5_000],
  [60_000, 3_000, 5_000],
  [63_000, 3_000, 63_000],
  [600_000, 3_000, 10_000],
  [86_400_000, 864_000, 900_000],
])('a window of %d ms and panes of at least %d ms have one of %d ms', (window, least, pane) => {
  expect(defaultPane(window, least)).toBe(pane);
});

test('the panes that a sample holds in are at most a hundred, and one that it begins in', () => {
  const call = { name: 'time_weighted', field: 'x', args: [] };
  expect(leastPane(call)).toBe(3_000);
  expect(leastPane({ ...call, spans: [100_000] })).toBe(1_000);
  expect(leastPane({ ...call, spans: [100_001] })).toBe(2_000);
  expect(leastPane({ ...call, name: 'increase', spans: [86_400_000] })).toBe(1_000);
});

test('every time is in exactly one slice, before 1970 too', () => {
  fc.assert(
    fc.property(time, size, (t, s) => {
      const start = floorTo(t, s);
      expect(Math.abs(start % s)).toBe(0);
      expect(start <= t && t < start + s).toBe(true);
    }),
  );
});

test('nothing is late or final before the first block', () => {
  expect(isLate(0, 0, null)).toBe(false);
  expect(isFinal(0, 1_000, 0, null)).toBe(false);
});

test('late begins at timestamp + lateness, to the millisecond', () => {
  expect([59_999, 60_000, 60_001].map((watermark) => isLate(0, 60_000, watermark))).toEqual([
    false,
    true,
    true,
  ]);
});

test('a pane is final exactly when no event in it can be on time any more', () => {
  fc.assert(
    fc.property(time, size, fc.nat(3_600_000), fc.integer({ min: -2, max: 2 }), (t, s, lateness, d) => {
      const start = floorTo(t, s);
      const watermark = start + s + lateness + d;
      // The last event of the pane is at its end − 1 ms; the predicate holds one step later.
      expect(isFinal(start, s, lateness, watermark)).toBe(isLate(start + s, lateness, watermark));
      if (isFinal(start, s, lateness, watermark))
        expect(isLate(start + s - 1, lateness, watermark)).toBe(true);
    }),
  );
});

test('a pane may change until its lateness has passed, and as long as its sequence reaches back', () => {
  const metric = { lateness: 5_000, aggregate: { name: 'any', field: null, args: [], spans: [60_000] } };
  expect(settlingOf({ metric, aggregate: {} })).toBe(5_000);
  const sequence = { reach: ({ spans: [span = 0] = [] }: AggregateCall) => span };
  expect(settlingOf({ metric, aggregate: { sequence } })).toBe(65_000);
});
