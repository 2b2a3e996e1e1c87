import { expect, it } from 'vitest';
import type { Trace, TraceSet } from '../charts/trace.ts';
import { statOf } from './stat-of.ts';

function dataOf(values: number[], closed: number): TraceSet {
  const value = (_: Trace, i: number): number => values[i] ?? Number.NaN;
  const traces = [{ key: 'a' } as Trace];
  return {
    window: 10,
    traces,
    zero: true,
    shape: 0,
    first: 0,
    closed,
    end: 9,
    dirty: 0,
    value,
    settle: () => {},
  };
}

it('shows the newest closed window, not the open one', () => {
  expect(statOf(dataOf([1, 2, 3, 4], 3), 35, 100).value).toBe(3);
});

it('shows the window that was closed at the time of a pause', () => {
  expect(statOf(dataOf([1, 2, 3, 4], 4), 25, 100).value).toBe(2);
});

it('compares with the windows before it, without the zeros before the first event', () => {
  expect(statOf(dataOf([0, 0, 4, 6, 8, 50], 6), 60, 100).usual?.mean).toBe(6);
  expect(statOf(dataOf([0, 0, 4, 6, 50], 5), 50, 100).usual).toBeNull();
});

it('shows the open window, as such, where nothing was before it', () => {
  expect(statOf({ ...dataOf([0, 0, 0, 7], 3), end: 4 }, 35, 100)).toEqual({
    value: 7,
    usual: null,
    open: true,
  });
  expect(statOf({ ...dataOf([0, 5, 0, 7], 3), end: 4 }, 35, 100)).toMatchObject({ value: 0, open: false });
  expect(statOf({ ...dataOf([0, 0, 0, 0], 3), end: 4 }, 35, 100)).toMatchObject({ value: 0, open: false });
});
