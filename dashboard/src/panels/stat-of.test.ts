import { expect, it } from 'vitest';
import type { Trace, TraceSet } from '../charts/trace.ts';
import { firstOf, statOf } from './stat-of.ts';

function dataOf(values: number[], closed: number, end = 9): TraceSet {
  const value = (_: Trace, i: number): number => values[i] ?? Number.NaN;
  const traces = [{ key: 'a' } as Trace];
  return {
    ...{ window: 10, traces, zero: true, stacked: false, hidden: 0, shape: 0 },
    first: 0,
    closed,
    end,
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

it('compares the closed windows of the range with as many before them', () => {
  const { comparison } = statOf(dataOf([9, 1, 2, 6, 4, 8, 50], 6), 60, 20);
  expect(comparison).toMatchObject({ now: 6, before: 4 });
  expect(comparison!.error).toBeCloseTo(Math.sqrt(8 / 2 + 8 / 2));
});

it('compares totals where values add: an empty window is a zero like any other', () => {
  expect(statOf(dataOf([0, 0, 0, 8, 4, 8], 6), 60, 30).comparison).toMatchObject({ now: 20 / 3, before: 0 });
});

it('says that a range without values has none', () => {
  const none = Number.NaN;
  expect(statOf(dataOf([none, none, 3, 5], 4), 40, 20).comparison).toMatchObject({ now: 4, before: null });
  expect(statOf(dataOf([3, 5, none, none], 4), 40, 20)).toMatchObject({
    value: null,
    comparison: { now: null, before: 4 },
  });
});

it('shows the open window, as such, where nothing was before it', () => {
  expect(statOf(dataOf([0, 0, 0, 7], 3, 4), 35, 100)).toEqual({ value: 7, comparison: null, open: true });
  expect(statOf(dataOf([0, 5, 0, 7], 3, 4), 35, 100)).toMatchObject({ value: 0, open: false });
  expect(statOf(dataOf([0, 0, 0, 0], 3, 4), 35, 100)).toMatchObject({ value: 0, open: false });
});

it('draws the one line whose figure it shows, as the data goes on', () => {
  const data = dataOf([1, 2, 3], 2);
  data.traces = ['p50', 'p99'].map((key) => ({ key }) as Trace);
  const first = firstOf(data);
  expect(first.traces.map((t) => t.key)).toEqual(['p50']);
  Object.assign(data, { closed: 3, traces: [{ key: 'p95' }, { key: 'p99' }] });
  expect([first.closed, ...first.traces.map((t) => t.key)]).toEqual([3, 'p95']);
});
