import fc from 'fast-check';
import { expect, test } from 'vitest';
import { farNumber, foldInputs, inputsOf, wholeNumber } from '../testing/law-inputs.ts';
import { deviationOf, type Moments, moments, varianceOf } from './moments.ts';
import { stddev } from './stddev.ts';
import { variance } from './variance.ts';

const CALL = { name: 'variance', field: 'x', args: [] };

/** Of doubles that are whole multiples of 2^-32, so that integers hold them and their squares exactly. */
function exactVariance(values: readonly number[]): number {
  const scaled = values.map((x) => BigInt(x * 2 ** 32));
  const n = BigInt(values.length);
  const sum = scaled.reduce((a, b) => a + b, 0n);
  const squares = scaled.reduce((a, b) => a + b * b, 0n);
  return Number(squares * n - sum * sum) / 2 ** 64 / values.length ** 2;
}

test('variance far from zero is within the stated bound of the exact one', () => {
  const rounded = farNumber.map((x) => Math.round(x * 2 ** 20) / 2 ** 20);
  fc.assert(
    fc.property(inputsOf(variance, rounded), (inputs) => {
      fc.pre(inputs.length > 0);
      const values = inputs.map(({ value }) => value as number);
      const [found] = variance.value(foldInputs(variance, inputs) as never, CALL, 1_000);
      const [slack] = variance.slack!(values).outputs;
      expect(Math.abs(found! - exactVariance(values))).toBeLessThanOrEqual(slack!);
      // The bound itself says something: squares of 1e18 have a rounding error of 128.
      expect(slack).toBeLessThan(1e-2);
    }),
  );
});

test('stddev is the root of variance and in reach of its bound', () => {
  fc.assert(
    fc.property(inputsOf(stddev), (inputs) => {
      const state = foldInputs(stddev, inputs) as never;
      const [spread] = stddev.value(state, CALL, 1_000);
      const squared = varianceOf(state);
      expect(spread).toBe(squared === null ? null : Math.sqrt(squared));
    }),
  );
});

test('values too large to square are scaled down first, and so is everything merged with them', () => {
  fc.assert(
    fc.property(inputsOf(variance, wholeNumber), inputsOf(variance, wholeNumber), (small, more) => {
      fc.pre(small.length > 0 && more.length > 0);
      const unit = 2 ** 500;
      const scaled = small.map((input) => ({ ...input, value: (input.value as number) * unit }));
      const [plain, large] = [small, scaled].map((inputs) => foldInputs(variance, inputs) as Moments);
      expect(deviationOf(large!)! / unit).toBeCloseTo(deviationOf(plain!)!, 4);
      const into = foldInputs(variance, more) as Moments;
      moments.merge(into, large!);
      const apart = foldInputs(variance, [...more, ...scaled]) as Moments;
      expect(deviationOf(into)! / unit).toBeCloseTo(deviationOf(apart)! / unit, 4);
    }),
  );
});

test('a state of an earlier version is read as it was written', () => {
  for (const [mean, m2] of [
    [12.5, 3],
    [1e300, 0],
    [1e200, 1e308],
  ] as const) {
    const state = moments.decode({ nums: [mean, m2], keys: [], counts: [2] });
    expect(varianceOf(state)! / (m2 / 2 || 1)).toBeCloseTo(m2 === 0 ? 0 : 1, 12);
    expect(deviationOf(state)! / (Math.sqrt(m2 / 2) || 1)).toBeCloseTo(m2 === 0 ? 0 : 1, 12);
  }
});
