import { expect, it } from 'vitest';
import type { Trace, TraceSet } from '../trace/trace.ts';
import { evenTimes } from '../trace/window-times.ts';
import { findGaps } from './draw-gaps.ts';

function dataOf(rows: (number | null)[][], zero = false): TraceSet {
  const traces = rows.map((_, i) => ({ key: String(i) }) as Trace);
  const value = (trace: Trace, i: number): number => rows[Number(trace.key)]![i] ?? Number.NaN;
  return {
    times: evenTimes({ every: 1 }),
    begins: 0,
    traces,
    zero,
    stacked: false,
    hidden: 0,
    earlier: [],
    ranked: null,
    shape: 0,
    first: 0,
    closed: 99,
    end: 99,
    dirty: 0,
    value,
    markDrawn: () => {},
  };
}

it('finds holes of three windows or more after a value, in all traces at once', () => {
  const a = [1, null, null, null, 2, null, null, 3, null, null, null];
  const b = [null, null, null, null, 1, null, null, null, null, null, null];
  expect(findGaps(dataOf([a, b]), 0, 10)).toEqual([{ from: 1, to: 4 }]);
});

it('finds the hole at the end, as far as windows are closed, and none before the first value', () => {
  const values = [null, null, null, null, 1, 2, null, null, null, null];
  expect(findGaps(dataOf([values]), 0, 8)).toEqual([]);
  expect(findGaps(dataOf([values]), 0, 9)).toEqual([{ from: 6, to: 9 }]);
  expect(findGaps(dataOf([values]), 0, 10)).toEqual([{ from: 6, to: 10 }]);
});

it('finds none where an empty window is a zero', () => {
  expect(findGaps(dataOf([[1, null, null, null, 2]], true), 0, 5)).toEqual([]);
});
