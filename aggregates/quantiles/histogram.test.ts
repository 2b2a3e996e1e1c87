import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Aggregate } from '../aggregate.ts';
import { histogram } from './histogram.ts';

const AT = { ts: 0, part: 0, offset: 0, index: 0 };
const callOf = (...args: number[]) => ({ name: 'histogram', field: 'x', args });

function valuesOf(aggregate: Aggregate, args: number[], values: readonly number[]): number[] {
  const state = aggregate.create();
  for (const value of values) aggregate.add(state, value, AT);
  return aggregate.value(state, callOf(...args), 1_000) as number[];
}

const number = fc
  .oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -20, max: 20 }))
  .filter((x) => x === 0 || Math.abs(x) >= 2 ** -1_022);
const numbers = fc.array(number, { minLength: 1, maxLength: 60 });
const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

describe('histogram with bounds', () => {
  const bounds = fc
    .uniqueArray(number, { minLength: 1, maxLength: 50 })
    .map((list) => list.map((x) => x + 0).sort((a, b) => a - b));

  test('counts every value once, in the bucket whose upper bound is the first that is not below it', () => {
    fc.assert(
      fc.property(bounds, numbers, (args, own) => {
        const values = [...own, ...args];
        const counts = valuesOf(histogram.of(callOf(...args)), args, values);
        const expected = [...args, Infinity].map(
          (upper, i) => values.filter((x) => x <= upper && x > (args[i - 1] ?? -Infinity)).length,
        );
        expect(counts).toEqual(expected);
        expect(sum(counts)).toBe(values.length);
      }),
    );
  });

  test('names its outputs after the bounds, each differently', () => {
    const args = [-2.5, 0, 0.5, 300, 1e21];
    expect(histogram.of(callOf(...args)).outputs(callOf(...args))).toEqual([
      'to_minus_2_5',
      'over_minus_2_5_to_0',
      'over_0_to_0_5',
      'over_0_5_to_300',
      'over_300_to_1e21',
      'over_1e21',
    ]);
  });
});

describe('histogram without bounds', () => {
  const automatic = histogram.of(callOf());

  test('knows the ends exactly, counts every value once, and misplaces none by more than 0.8 %', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const [low, high, ...counts] = valuesOf(automatic, [], values);
        expect([low, high]).toEqual([Math.min(...values) + 0, Math.max(...values) + 0]);
        expect(sum(counts)).toBe(values.length);
        let counted = 0;
        for (const [i, count] of counts.entries()) {
          counted += count;
          const bound =
            i === 19
              ? high!
              : Math.max(
                  low!,
                  Math.min(
                    high!,
                    2 * (low! / 2 + ((high! / 2) * ((i + 1) / 20) - (low! / 2) * ((i + 1) / 20))),
                  ),
                );
          const off = (x: number): number => Math.abs(x) * 0.008;
          expect(counted).toBeGreaterThanOrEqual(
            values.filter((x) => Math.min(high!, x + off(x)) <= bound).length,
          );
          expect(counted).toBeLessThanOrEqual(
            values.filter((x) => Math.max(low!, x - off(x)) <= bound).length,
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  test('of evenly spread values is even', () => {
    const values = Array.from({ length: 2_001 }, (_, i) => i / 10);
    const [, , ...counts] = valuesOf(automatic, [], values);
    // 100 values in a bucket of width 10, and at 200 one in 125 of a value is 16 of them.
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThanOrEqual(33);
  });
});
