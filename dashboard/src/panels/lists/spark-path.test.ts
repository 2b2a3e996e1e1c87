import { expect, it } from 'vitest';
import { mergeWindows, sparkPath } from './spark-path.ts';

it('stretches the values over its height', () => {
  expect(sparkPath([0, 10, 5], 40, 12)).toBe('M0.0 11.0L20.0 1.0L40.0 6.0');
  expect(sparkPath([4, 4], 40, 12)).toBe('M0.0 6.0L40.0 6.0');
});

it('draws a hole as a hole', () => {
  expect(sparkPath([0, 1, Number.NaN, 1, 0], 40, 12)).toBe('M0.0 11.0L10.0 1.0M30.0 1.0L40.0 11.0');
});

it('is nothing without two neighbours', () => {
  expect(sparkPath([], 40, 12)).toBe('');
  expect(sparkPath([3, Number.NaN, 4], 40, 12)).toBe('');
});

it('draws values of any size', () => {
  for (const [low, high] of [
    [-Number.MAX_VALUE, Number.MAX_VALUE],
    [0, Number.MIN_VALUE],
    [1e15, 1e15 + 1],
  ] as const)
    expect(sparkPath([low, high], 10, 10)).toBe('M0.0 9.0L10.0 1.0');
});

it('merges windows that add, from the newest on', () => {
  expect(mergeWindows([9, 1, 2, 3, 4], 3)).toEqual([3, 7]);
  expect(mergeWindows([1, 2, 3], 3)).toEqual([1, 2, 3]);
  expect(mergeWindows([], 3)).toEqual([]);
});
