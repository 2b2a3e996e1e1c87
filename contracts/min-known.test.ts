import { expect, test } from 'vitest';
import { maxKnown, minKnown } from './min-known.ts';

test.each([
  [null, null, null, null],
  [null, 0, 0, 0],
  [0, null, 0, 0],
  [-1, 2, -1, 2],
  [2, -1, -1, 2],
])('of %s and %s the lesser is %s, the greater %s', (a, b, least, greatest) => {
  expect(minKnown(a, b)).toBe(least);
  expect(maxKnown(a, b)).toBe(greatest);
});
