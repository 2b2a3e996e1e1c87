import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../testing/usual-formats.ts';
import type { Inks } from '../ink/inks.ts';
import type { ChartKind, Trace, TraceSet } from '../trace/trace.ts';
import { evenTimes } from '../trace/window-times.ts';
import { chooseLabels, currentLabels, hiddenLabel, labelsAt } from './labels.ts';
import { extentOf, type PlotState } from './plot-state.ts';

const NONE = Number.NaN;

/** Window by window the values of two traces; the last window is open. */
function stateOf(kind: ChartKind, stacked: boolean, rows: readonly [number, number][]): PlotState {
  const traces = ['a', 'b'].map((name, t) => ({ key: `${t}`, name, slot: { number: t + 1 } }) as Trace);
  const value = (trace: Trace, i: number): number => rows[i]?.[Number(trace.key)] ?? NONE;
  const data: TraceSet = {
    ...{
      times: evenTimes({ every: 10 }),
      begins: 0,
      traces,
      zero: true,
      stacked,
      hidden: 0,
      earlier: [],
      ranked: null,
      shape: 0,
    },
    ...{ first: 0, closed: rows.length - 1, end: rows.length, dirty: 0, value, markDrawn: () => {} },
  };
  return {
    ...{ data, kind, spark: false, range: 100, edge: rows.length * 10 - 5, mode: 'live', palette: 0 },
    format: (v) => (v === null ? '–' : String(v)),
    formats: FORMATS,
    inks: { series: ['grey', 'blue', 'red'] } as unknown as Inks,
  };
}

const brief = (labels: ReturnType<typeof labelsAt>): [string, string, number][] =>
  labels.map(({ name, text, at }) => [name, text, at]);

describe('labels of a stack', () => {
  it.each(['area', 'bars'] as const)(
    'of %s stand at the top of their bands and show their own values',
    (kind) => {
      const state = stateOf(kind, true, [
        [5, 2],
        [7, 3],
        [1, 1],
      ]);
      expect(brief(currentLabels(state))).toEqual([
        ['b', '3', 10],
        ['a', '7', 7],
      ]);
      expect(brief(labelsAt(state, 0))).toEqual([
        ['b', '2', 7],
        ['a', '5', 5],
      ]);
    },
  );

  it('all show one window, the newest that is complete', () => {
    const state = stateOf('area', true, [
      [5, 2],
      [NONE, NONE],
      [1, NONE],
    ]);
    expect(brief(currentLabels(state)).map(([name, text]) => [name, text])).toEqual([
      ['b', '2'],
      ['a', '5'],
    ]);
  });

  it('show a zero where no value is one', () => {
    const state = stateOf('area', true, [
      [5, NONE],
      [1, 1],
    ]);
    expect(brief(labelsAt(state, 0))).toEqual([
      ['b', '0', 5],
      ['a', '5', 5],
    ]);
  });
});

it('labels that are not stacked are placed at their values', () => {
  const state = stateOf('area', false, [
    [5, 2],
    [1, 1],
  ]);
  expect(brief(currentLabels(state))).toEqual([
    ['a', '5', 5],
    ['b', '2', 2],
  ]);
});

it('the extent of a stack is that of its sums on both sides of zero', () => {
  const rows: [number, number][] = [
    [5, 6],
    [-4, 3],
    [-4, -3],
    [1, 1],
  ];
  expect(extentOf(stateOf('bars', true, rows))).toEqual([-7, 11]);
  expect(extentOf(stateOf('bars', false, rows))).toEqual([-4, 6]);
  expect(extentOf(stateOf('area', true, []))).toEqual([NONE, NONE]);
});

it('says how many traces are not drawn', () => {
  expect(hiddenLabel({ hidden: 6 }, FORMATS)).toBe('6 more not drawn');
  expect(hiddenLabel({ hidden: 0 }, FORMATS)).toBe('');
});

const label = (value: number) => ({ at: value, value });
const values = (shown: { value: number }[]): number[] => shown.map((l) => l.value);

it('shows all that have a value while they fit', () => {
  const { shown, more } = chooseLabels([label(1), label(Number.NaN), label(3)], 5);
  expect(values(shown)).toEqual([1, 3]);
  expect(more).toBe(0);
});

it('keeps the nine largest of many, in their own order, and counts the rest', () => {
  const { shown, more } = chooseLabels([5, 1, 9, 2, 8, 3, 7, 4, 6, -10, 0].map(label), 20);
  expect(values(shown)).toEqual([5, 9, 2, 8, 3, 7, 4, 6, -10]);
  expect(more).toBe(2);
});

it('gives up those of an earlier range first, where not all fit', () => {
  const then = [7, 8].map((value) => ({ ...label(value), earlier: true }));
  const all = [label(1), label(2), ...then];
  expect(values(chooseLabels(all, 4).shown)).toEqual([1, 2, 7, 8]);
  expect(chooseLabels(all, 3)).toEqual({ shown: [label(1), label(2)], more: 0 });
});

it('shows what the earlier range had beside the values, and in the extent', () => {
  const state = stateOf('bars', true, [
    [5, 2],
    [1, 1],
  ]);
  const line = { name: 'prev 1 min', short: 'prev', slot: null, value: (i: number) => (i === 0 ? 40 : NONE) };
  const compared = { ...state, data: { ...state.data, earlier: [line] } };
  expect(brief(currentLabels(compared))).toEqual([
    ['b', '2', 7],
    ['a', '5', 5],
    ['prev 1 min', '40', 40],
  ]);
  expect(extentOf(compared)).toEqual([1, 40]);
});

it('keeps a place for the rest where room is short', () => {
  const { shown, more } = chooseLabels([1, 2, 3, 4, 5].map(label), 3);
  expect(values(shown)).toEqual([4, 5]);
  expect(more).toBe(3);
  expect(chooseLabels([1, 2].map(label), 1)).toEqual({ shown: [label(2)], more: 1 });
});

it('names the newest bars, and the one that is read, by which they are', () => {
  const state = stateOf('bars', false, [
    [5, 2],
    [7, 3],
    [1, 1],
  ]);
  const only = { ...state, data: { ...state.data, traces: state.data.traces.slice(0, 1) } };
  expect(brief(currentLabels(only)).map(([name]) => name)).toEqual(['last full', 'so far']);
  expect(brief(labelsAt(only, 0))).toEqual([['this bar', '5', 5]]);
});
