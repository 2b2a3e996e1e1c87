import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAggregate } from '#contracts/metric/aggregate-call.ts';
import { binOf, binOrder, binValue } from './double-bin.ts';
import { quantiles } from './quantiles.ts';

const normal = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((x) => x === 0 || Math.abs(x) >= 2 ** -1022);

function fold(values: readonly number[]) {
  const state = quantiles.create();
  for (const value of values) quantiles.add(state, value, { ts: 0, part: 0, offset: 0, index: 0 });
  return state;
}

describe('bins', () => {
  test('a bin reads as a value within 0.8 % of any double in it, at any magnitude and sign', () => {
    fc.assert(
      fc.property(normal, (x) => {
        expect(Math.abs(binValue(binOf(x)) - x)).toBeLessThanOrEqual(Math.abs(x) * 0.008);
      }),
      { numRuns: 1_000 },
    );
  });

  test('are ordered as their values', () => {
    fc.assert(
      fc.property(normal, normal, (a, b) => {
        const [low, high] = a <= b ? [a, b] : [b, a];
        expect(binOrder(binOf(low))).toBeLessThanOrEqual(binOrder(binOf(high)));
      }),
      { numRuns: 1_000 },
    );
  });

  test('zero has its own, -0 the same, and the largest double a finite value', () => {
    expect([binOf(-0), binValue(binOf(-0))]).toEqual([0, 0]);
    expect(Number.isFinite(binValue(binOf(Number.MAX_VALUE)))).toBe(true);
    expect(binOf(1)).toBe(0x3ff << 6);
  });
});

describe('quantiles', () => {
  test('are named after their ranks', () => {
    const call = { name: 'quantiles', field: 'x', args: [0, 0.05, 0.29, 0.5, 0.999, 0.99999, 1] };
    expect(quantiles.outputs(call)).toEqual(['p0', 'p5', 'p29', 'p50', 'p99_9', 'p99_999', 'p100']);
  });

  test('stay within 0.8 % of the value at rank q·(n−1) of the sorted input', () => {
    fc.assert(
      fc.property(fc.array(normal, { minLength: 1, maxLength: 200 }), (values) => {
        const args = [0, 0.25, 0.5, 0.95, 0.99, 1];
        const sorted = [...values].sort((a, b) => a - b);
        const found = quantiles.value(fold(values), { name: 'quantiles', field: 'x', args }, 1_000);
        for (const [i, q] of args.entries()) {
          const exact = sorted[Math.floor(q * (values.length - 1))]!;
          expect(Math.abs(found[i]! - exact)).toBeLessThanOrEqual(Math.abs(exact) * 0.008);
        }
      }),
    );
  });

  const ranks = fc.uniqueArray(
    fc.integer({ min: 0, max: 10_000_000 }).map((n) => n / 10_000_000),
    { maxLength: 10 },
  );
  const any = fc.double({ noNaN: true, noDefaultInfinity: true });
  const callOf = (some: number[]) => ({
    name: 'quantiles',
    field: 'x',
    args: [...new Set([0, ...some, 1])].sort((a, b) => a - b),
  });

  test('begin with the smallest and end with the largest value exactly, in ascending order between', () => {
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 60 }), ranks, (values, some) => {
        const found = quantiles.value(fold(values), callOf(some), 1_000) as number[];
        expect(found[0]).toBe(Math.min(...values) + 0);
        expect(found.at(-1)).toBe(Math.max(...values) + 0);
        expect(found).toEqual(found.toSorted((a, b) => a - b));
      }),
    );
  });

  test('of equal values are that value exactly, also below the smallest normal double', () => {
    fc.assert(
      fc.property(any, fc.integer({ min: 1, max: 50 }), ranks, (value, n, some) => {
        const call = callOf(some);
        const found = quantiles.value(fold(Array(n).fill(value)), call, 1_000);
        expect(found).toEqual(call.args.map(() => value + 0));
      }),
    );
  });

  test('of an even number take the lower of the two in the middle', () => {
    const call = { name: 'quantiles', field: 'x', args: [0, 0.5, 1] };
    const [least, middle, most] = quantiles.value(fold([4, 3, 2, 1]), call, 1_000);
    expect([least, most]).toEqual([1, 4]);
    expect(Math.abs(middle! - 2)).toBeLessThanOrEqual(2 * 0.008);
    expect(quantiles.value(fold([100, 100, 100]), call, 1_000)).toEqual([100, 100, 100]);
  });

  test('of states of earlier versions, which have no extremes, are what they were', () => {
    fc.assert(
      fc.property(fc.array(normal, { minLength: 1, maxLength: 60 }), (values) => {
        const { keys, counts } = quantiles.encode(fold(values));
        const before = quantiles.decode({ nums: [], keys, counts });
        const call = { name: 'quantiles', field: 'x', args: [0, 0.5, 1] };
        const sorted = values.toSorted((a, b) => a - b);
        const ranked = [0, Math.floor((values.length - 1) / 2), values.length - 1].map((r) => sorted[r]!);
        expect(quantiles.value(before, call, 1_000)).toEqual(ranked.map((x) => binValue(binOf(x))));
      }),
    );
  });

  test('keep as many bins as there are, through many doublings', () => {
    const values = Array.from({ length: 5_000 }, (_, i) => 1.02 ** (i % 2_500) * (i % 2 ? 1 : -1));
    const { keys, counts } = quantiles.encode(fold(values));
    expect(new Set(keys).size).toBe(keys.length);
    expect(counts.reduce((a, b) => a + b, 0)).toBe(values.length);
    expect(keys).toEqual([...new Set(values.map(binOf))].sort((a, b) => a - b));
  });
});

test('the name of each output, called as an aggregate, means that quantile', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000 }), (millionths) => {
      const q = millionths / 10_000_000;
      const [name] = quantiles.outputs({ name: 'quantiles', field: 'x', args: [q] });
      const value = { name: 'quantiles', field: 'x', args: [q] };
      expect(parseAggregate(`${name}(x)`)).toEqual({ ok: true, value });
      expect(quantiles.check(value)).toEqual({ ok: true, value });
    }),
    { numRuns: 1_000 },
  );
});
