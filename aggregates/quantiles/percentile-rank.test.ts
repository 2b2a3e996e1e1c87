import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { median } from './median.ts';
import { percentileRank } from './percentile-rank.ts';
import { quantiles } from './quantiles.ts';

const AT = { ts: 0, part: 0, offset: 0, index: 0 };
const normal = fc
  .oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -400, max: 400 }))
  .filter((x) => x === 0 || Math.abs(x) >= 2 ** -1022);

function fold(values: readonly number[]) {
  const state = percentileRank.create();
  for (const value of values) percentileRank.add(state, value, AT);
  return state;
}
const callOf = (...args: number[]) => ({ name: 'percentile_rank', field: 'x', args });

describe('percentile_rank', () => {
  test('counts every value up to the bound, and none above it by 1/64 or more', () => {
    fc.assert(
      fc.property(fc.array(normal, { minLength: 1, maxLength: 100 }), normal, (values, bound) => {
        const [share] = percentileRank.value(fold(values), callOf(bound), 1_000);
        const shareTo = (most: number): number => values.filter((x) => x <= most).length / values.length;
        expect(share).toBeGreaterThanOrEqual(shareTo(bound));
        expect(share).toBeLessThanOrEqual(shareTo(bound + Math.abs(bound) / 64));
      }),
      { numRuns: 500 },
    );
  });

  test('is exact at the lower edge of a bin and for a bound that is the largest value', () => {
    expect(percentileRank.value(fold([300, 300, 400]), callOf(300, 400), 1_000)).toEqual([2 / 3, 1]);
  });

  test('is 0 below the smallest value and 1 from the largest on, however near', () => {
    expect(percentileRank.value(fold([100, 100, 100]), callOf(99.9, 100, 100.1), 1_000)).toEqual([0, 1, 1]);
    fc.assert(
      fc.property(fc.array(normal, { minLength: 1, maxLength: 60 }), normal, (values, bound) => {
        const [share] = percentileRank.value(fold(values), callOf(bound), 1_000);
        if (bound < Math.min(...values)) expect(share).toBe(0);
        if (bound >= Math.max(...values)) expect(share).toBe(1);
      }),
    );
  });

  test('names its outputs after the bounds, each differently', () => {
    const call = callOf(-2.5, 0, 0.5, 300, 1e21, 1e-7);
    expect(percentileRank.outputs(call)).toEqual([
      'le_minus_2_5',
      'le_0',
      'le_0_5',
      'le_300',
      'le_1e21',
      'le_1eminus_7',
    ]);
  });

  test('undoes quantiles: at least q of the values are at or below the quantile q', () => {
    fc.assert(
      fc.property(fc.array(normal, { minLength: 1, maxLength: 60 }), fc.nat(100), (values, percent) => {
        const state = fold(values);
        const rank = { name: 'quantiles', field: 'x', args: [percent / 100] };
        const [value] = quantiles.value(state, rank, 1_000);
        const [share] = percentileRank.value(state, callOf(value!), 1_000);
        expect(share! * values.length).toBeGreaterThan((percent / 100) * (values.length - 1) - 1e-9);
      }),
    );
  });
});

test('median is the quantile 0.5 under a name of its own', () => {
  fc.assert(
    fc.property(fc.array(normal), (values) => {
      const half = { name: 'quantiles', field: 'x', args: [0.5] };
      const call = { name: 'median', field: 'x', args: [] };
      const state = fold(values);
      expect(median.value(state, call, 1_000)).toEqual(quantiles.value(state, half, 1_000));
      expect(median.outputs(call)).toEqual(['median']);
    }),
  );
});
