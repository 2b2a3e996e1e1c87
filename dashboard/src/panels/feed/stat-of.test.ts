import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRing } from '../../charts/trace/ring.ts';
import type { Trace, TraceSet } from '../../charts/trace/trace.ts';
import { firstOf, meanOf, type StatOptions, statOf } from './stat-of.ts';

const NONE = Number.NaN;
const WINDOW = 10_000;

/** Windows from number 0 on; NaN is a window without a cell, which is a zero where `zero`. */
function dataOf(cells: readonly number[], closed = cells.length, zero = true): TraceSet {
  const ring = createRing(cells.length + 4);
  cells.forEach((cell, i) => void (Number.isNaN(cell) || ring.set(i, cell)));
  const end = cells.findLastIndex((cell) => !Number.isNaN(cell)) + 1;
  return {
    ...{ window: WINDOW, stacked: false, hidden: 0, shape: 0, first: 0, dirty: 0, zero, closed, end },
    traces: [{ key: 'a', colorKey: 'a', name: 'a', rest: false, slot: null, ring }],
    value(trace, i) {
      const value = trace.ring.get(i);
      return zero && Number.isNaN(value) && i >= 0 && i < closed ? 0 : value;
    },
    markDrawn: () => {},
  };
}
const read = (data: TraceSet, windows: number, more: Partial<StatOptions> = {}) =>
  statOf(data, { now: data.closed * WINDOW, range: windows * WINDOW, adds: 'windows', ...more })!;

describe('a stat of what adds up', () => {
  it('is the sum of the closed windows of the range, beside the sum of those before', () => {
    const stat = read(dataOf([9, 1, 2, 6, 4, 8, 50], 6), 2);
    expect(stat).toMatchObject({
      subject: 'sum',
      value: 12,
      before: 8,
      from: 40_000,
      to: 60_000,
      ago: 20_000,
    });
    expect(stat).toMatchObject({ began: null, open: false });
    expect(stat.error).toBeCloseTo(2 * Math.sqrt(8 / 2 + 8 / 2));
  });

  it('counts every event in one period exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 12, maxLength: 60 }), fc.nat(3), (cells, less) => {
        const windows = Math.floor(cells.length / 3) - less;
        fc.pre(windows > 0);
        const { value, before } = read(dataOf(cells), windows);
        const last = cells.slice(-2 * windows);
        expect((value ?? 0) + (before ?? 0)).toBe(last.reduce((a, b) => a + b, 0));
      }),
    );
  });

  it('is the same whatever window it is made of', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 36, maxLength: 36 }), (cells) => {
        const fine = read(dataOf(cells), 12);
        const pairs = cells.flatMap((cell, i) => (i % 2 === 0 ? [cell + cells[i + 1]!] : []));
        const coarse = { ...dataOf(pairs), window: 2 * WINDOW };
        const same = statOf(coarse, { now: 36 * WINDOW, range: 12 * WINDOW, adds: 'windows' })!;
        expect([same.value, same.before, same.from, same.to]).toEqual([
          fine.value,
          fine.before,
          fine.from,
          fine.to,
        ]);
      }),
    );
  });

  it('is of the windows that were closed at the time of a pause', () => {
    expect(read(dataOf([1, 2, 3, 4]), 1, { now: 25_000 })).toMatchObject({ value: 2, before: 1 });
  });

  it('has an empty range as zero, once something came before', () => {
    expect(read(dataOf([4, NONE, NONE, NONE, NONE, NONE], 6), 2)).toMatchObject({
      value: 0,
      before: 0,
      began: null,
    });
    expect(read(dataOf([4, NONE, 8, 8, NONE, NONE], 6), 2)).toMatchObject({
      value: 0,
      before: 16,
      began: null,
    });
  });

  it('is not judged by what was not before the metric began', () => {
    const cells = [NONE, NONE, NONE, NONE, NONE, 3, 4, 5];
    expect(read(dataOf(cells), 3)).toMatchObject({ value: 12, began: 50_000 });
    expect(read(dataOf([NONE, NONE, NONE, 2, ...cells.slice(4)]), 3)).toMatchObject({
      before: 2,
      began: 30_000,
    });
    expect(read(dataOf([NONE, 2, NONE, NONE, ...cells.slice(4)]), 3)).toMatchObject({
      before: 0,
      began: null,
    });
  });

  it('holds what came in open windows while that is all there is', () => {
    const cells = [NONE, NONE, NONE, 7, 2];
    expect(read(dataOf(cells, 3), 2)).toMatchObject({ value: 9, open: true });
    expect(read(dataOf([NONE, 5, NONE, 7], 3), 2)).toMatchObject({ value: 5, open: false });
    expect(read(dataOf([NONE, NONE, NONE, NONE], 3), 2)).toMatchObject({ value: 0, open: false });
  });
});

describe('a stat of rates', () => {
  it('is the rate over the range: the mean of windows of equal length', () => {
    const stat = read(dataOf([9, 1, 2, 6, 4, 8, 50], 6), 2, { adds: 'groups' });
    expect(stat).toMatchObject({ subject: 'rate', value: 6, before: 4, from: 40_000, to: 60_000 });
    expect(stat.error).toBeCloseTo(Math.sqrt(8 / 2 + 8 / 2));
  });
});

describe('a stat of what does not add up', () => {
  const options = { adds: 'nothing' } as const;

  it('is one window beside the one a range before: no values of windows make one of a range', () => {
    const stat = read(dataOf([9, 1, 2, 6, 4, 8, 50], 6, false), 2, options);
    expect(stat).toMatchObject({
      subject: 'window',
      value: 8,
      before: 6,
      from: 50_000,
      to: 60_000,
      ago: 20_000,
    });
    expect(stat.error).toBeCloseTo(Math.sqrt(2 * 8));
    // A step within the range is no ordinary variation.
    expect(read(dataOf([4, 5, 4, 50, 50, 4], 5, false), 2, options).error).toBeCloseTo(Math.sqrt(2 * 0.5));
  });

  it('has no value where the window has none', () => {
    expect(read(dataOf([3, 5, NONE, NONE], 4, false), 2, options)).toMatchObject({ value: null, before: 5 });
    expect(read(dataOf([2, NONE, 3, 5], 4, false), 2, options)).toMatchObject({ value: 5, before: null });
    expect(read(dataOf([NONE, NONE, 3, 5], 4, false), 2, options)).toMatchObject({ value: 5, began: 20_000 });
  });

  it('is the open window while that is all there is', () => {
    expect(read(dataOf([NONE, NONE, NONE, 7], 3, false), 2, options)).toMatchObject({ value: 7, open: true });
  });
});

it('says nothing before there is a view, and of a view that does not reach back so far', () => {
  expect(statOf({ ...dataOf([]), window: 0 }, { now: 0, range: 1, adds: 'windows' })).toBeNull();
  expect(read({ ...dataOf([1, 2, 3]), traces: [] }, 1)).toMatchObject({ value: null, before: null });
  expect(read({ ...dataOf([1, 2, 3, 4]), first: 1 }, 2)).toMatchObject({ value: 7, before: null });
});

it('adds values with a finite sum, though partial sums exceed every double', () => {
  const much = 0.75 * Number.MAX_VALUE;
  expect(read(dataOf([much, much, -much, 1, 0, 0]), 3).before! / much).toBeCloseTo(1);
});

it('draws the one line whose figure it shows, as the data goes on', () => {
  const data = dataOf([1, 2, 3], 2);
  data.traces = ['p50', 'p99'].map((key) => ({ key }) as Trace);
  const first = firstOf(data);
  expect(first.traces.map((t) => t.key)).toEqual(['p50']);
  Object.assign(data, { closed: 3, traces: [{ key: 'p95' }, { key: 'p99' }] });
  expect([first.closed, ...first.traces.map((t) => t.key)]).toEqual([3, 'p95']);
});

it('lies among its values, whatever their size', () => {
  const any = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.array(any, { minLength: 1 }), (values) => {
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const slack = Math.max(Math.abs(low), Math.abs(high)) * 1e-12;
      expect(meanOf(values)).toBeGreaterThanOrEqual(low - slack);
      expect(meanOf(values)).toBeLessThanOrEqual(high + slack);
    }),
  );
});

it('of nothing is no number', () => {
  expect(meanOf([])).toBeNaN();
});
