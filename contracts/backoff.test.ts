import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffDelay, longestBackoff } from './backoff.ts';

const BOUNDS = { first: 100, most: 30_000 };

test('the longest pause doubles with each failure up to its bound', () => {
  const bounds = { first: 500, most: 15_000 };
  expect([1, 2, 3, 6, 1_000].map((failures) => longestBackoff(failures, bounds))).toEqual([
    500, 1_000, 2_000, 15_000, 15_000,
  ]);
});

test('a pause is anywhere from zero to the bound', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (failures, r) => {
        const delay = backoffDelay(failures, { ...BOUNDS, random: () => r });
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThan(30_000);
      },
    ),
  );
  expect(backoffDelay(9, { ...BOUNDS, random: () => 0 })).toBe(0);
});
