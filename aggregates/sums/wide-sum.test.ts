import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyNumber, hugeNumber } from '../testing/law-inputs.ts';
import {
  addToWideSum,
  createWideSum,
  decodeWideSum,
  encodeWideSum,
  mergeWideSum,
  readWideMean,
  readWideSum,
  type WideSum,
  wideSumSlack,
} from './wide-sum.ts';

const numbers = fc.array(fc.oneof(anyNumber, hugeNumber), { minLength: 1, maxLength: 40 });

/** In multiples of the smallest double, exactly. */
function exact(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const exponent = (bits.getUint32(0) >>> 20) & 2047;
  const mantissa = bits.getBigUint64(0) & (2n ** 52n - 1n);
  const size = exponent === 0 ? mantissa : (mantissa + 2n ** 52n) << BigInt(exponent - 1);
  return value < 0 ? -size : size;
}

const BEYOND = exact(Number.MAX_VALUE) + 2n ** 2045n / 2n ** 53n;
const size = (n: bigint): bigint => (n < 0n ? -n : n);

function sumOf(values: readonly number[]): WideSum {
  const sum = createWideSum();
  for (const value of values) addToWideSum(sum, value);
  return sum;
}

test('a sum is the exact one within its bound, and infinite only where that is beyond every double', () => {
  fc.assert(
    fc.property(numbers, (values) => {
      const whole = values.reduce((sum, value) => sum + exact(value), 0n);
      const found = readWideSum(sumOf(values));
      const [bound] = wideSumSlack(values).outputs;
      const slack = Number.isFinite(bound) ? exact(bound) : size(exact(Number.MAX_VALUE));
      if (Number.isFinite(found)) expect(size(whole - exact(found))).toBeLessThanOrEqual(slack);
      else expect(size(whole) + slack).toBeGreaterThanOrEqual(BEYOND - slack);
      if (size(whole) > BEYOND + slack) expect(found).toBe(whole > 0n ? Infinity : -Infinity);
    }),
    { numRuns: 2_000 },
  );
});

test('a mean lies between the smallest and the largest value, about', () => {
  fc.assert(
    fc.property(numbers, (values) => {
      const mean = readWideMean(sumOf(values), values.length);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const slack = values.length * 1e-15;
      expect(mean).toBeGreaterThanOrEqual(low - (Math.abs(low) * slack + Math.abs(high) * slack));
      expect(mean).toBeLessThanOrEqual(high + (Math.abs(low) * slack + Math.abs(high) * slack));
    }),
    { numRuns: 2_000 },
  );
});

test('what large values leave behind is exact', () => {
  expect(readWideSum(sumOf([1.5e308, 1.5e308, -1.5e308]))).toBe(1.5e308);
  expect(readWideSum(sumOf([1.5e308, 5e-324, 7, -1.5e308]))).toBe(7);
  expect(readWideSum(sumOf([Number.MAX_VALUE, 2 ** 960, -(2 ** 960)]))).toBe(Number.MAX_VALUE);
  expect(readWideMean(sumOf([Number.MAX_VALUE, Number.MAX_VALUE, Number.MAX_VALUE]), 3)).toBe(
    Number.MAX_VALUE,
  );
});

test('a sum of an earlier version is read as it was written, and goes on without overflow', () => {
  expect(readWideSum(decodeWideSum([Number.MAX_VALUE]))).toBe(Number.MAX_VALUE);
  for (const before of [0, 12.5, -3, 1e300, 1.5e308]) {
    const sum = decodeWideSum([before]);
    expect(readWideSum(sum)).toBe(before);
    for (const more of [1.5e308, 1.5e308, -1.5e308, -1.5e308]) mergeWideSum(sum, decodeWideSum([more]));
    expect(Math.abs(readWideSum(sum) - before)).toBeLessThanOrEqual(before < 1e300 ? 0 : 1e293);
    expect(encodeWideSum(sum)).toHaveLength(2);
  }
});
