import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBands, writeBands } from './bands.ts';
import type { Trace, TraceSet } from './trace.ts';
import { evenTimes } from './window-times.ts';

const NONE = Number.NaN;

/** One window with these values. */
function dataOf(
  values: readonly number[],
  more: Partial<TraceSet> = {},
  hangs: readonly number[] = [],
): TraceSet {
  const traces = values.map((_, i) => ({ key: String(i), hangs: hangs.includes(i) }) as Trace);
  const value = (trace: Trace): number => values[Number(trace.key)]!;
  return {
    ...{
      times: evenTimes({ every: 1 }),
      begins: 0,
      traces,
      zero: true,
      stacked: true,
      hidden: 0,
      earlier: [],
      ranked: null,
      shape: 0,
    },
    ...{ first: 0, closed: 1, end: 1, dirty: 0, value, markDrawn: () => {} },
    ...more,
  };
}

function bandsOf(data: TraceSet): [base: number, top: number][] {
  const bands = createBands(data.traces.length);
  writeBands(data, 0, bands);
  return data.traces.map((_, t) => [bands.base[t]!, bands.top[t]!]);
}

describe('the bands of a stack', () => {
  it('are stacked in the order of the traces', () => {
    expect(bandsOf(dataOf([5, 0, 2]))).toEqual([
      [0, 5],
      [5, 5],
      [5, 7],
    ]);
  });

  it('hang from zero where values are below it, apart from those above', () => {
    expect(bandsOf(dataOf([5, -2, 3, -4]))).toEqual([
      [0, 5],
      [0, -2],
      [5, 8],
      [-2, -6],
    ]);
  });

  it('keep a zero on the side of its trace', () => {
    expect(bandsOf(dataOf([5, -2, 0], {}, [2]))[2]).toEqual([-2, -2]);
    expect(bandsOf(dataOf([5, -2, 0]))[2]).toEqual([5, 5]);
  });

  it('take no value as zero where the metric says so, as long as one has a value', () => {
    expect(bandsOf(dataOf([5, NONE, 2]))).toEqual([
      [0, 5],
      [5, 5],
      [5, 7],
    ]);
    expect(bandsOf(dataOf([NONE, NONE])).flat()).toEqual([NONE, NONE, NONE, NONE]);
  });

  it('are a hole where no value is not zero: the sum is unknown', () => {
    expect(bandsOf(dataOf([5, NONE, 2], { zero: false })).flat()).toEqual(new Array(6).fill(NONE));
  });

  it('are each as high as their value, and end in the sums of both sides', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -999, max: 999 }), { minLength: 1, maxLength: 9 }), (values) => {
        const bands = bandsOf(dataOf(values));
        bands.forEach(([base, top], i) => {
          expect(top - base).toBe(values[i]);
        });
        const side = (sign: number): number =>
          values.filter((v) => v * sign > 0).reduce((sum, v) => sum + v, 0);
        expect(Math.max(0, ...bands.map(([, top]) => top))).toBe(side(1));
        expect(Math.min(0, ...bands.map(([, top]) => top))).toBe(side(-1));
      }),
    );
  });
});

it('unstacked all begin at zero, and have a hole only where their own value is missing', () => {
  expect(bandsOf(dataOf([5, NONE, -2], { stacked: false }))).toEqual([
    [0, 5],
    [0, NONE],
    [0, -2],
  ]);
});
