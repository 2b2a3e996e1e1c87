import { expect, it } from 'vitest';
import { mergeWindows } from './merge-windows.ts';

it('merges windows that add, from the newest on', () => {
  expect(mergeWindows([9, 1, 2, 3, 4], 3)).toEqual([3, 7]);
  expect(mergeWindows([1, 2, 3], 3)).toEqual([1, 2, 3]);
  expect(mergeWindows([], 3)).toEqual([]);
});
