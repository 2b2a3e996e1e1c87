import fc from 'fast-check';
import { expect, test } from 'vitest';
import { farNumber, foldInputs, inputsOf } from './law-inputs.ts';
import { moments, varianceOf } from './moments.ts';
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

test('numbers whose squares overflow give the largest double, which JSON can carry', () => {
  const at = { ts: 0, part: 0, offset: 0, index: 0 };
  const state = moments.create();
  for (const value of [1.7e308, -1.7e308, 1e200]) moments.add(state, value, at);
  expect(moments.encode(state).nums[1]).toBe(Number.MAX_VALUE);
});
