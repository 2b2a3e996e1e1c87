import type { Slack } from '../aggregate.ts';
import { sumSlack } from './float-slack.ts';

/**
 * A sum that cannot overflow on the way: values from 2^900 on are summed by themselves, as multiples of 2^128, so
 * that 2^53 values of either kind fit, and whether the whole is too large is asked only of the whole. Encoded as
 * `[low]`, and as `[low, high]` once there was a large one; earlier versions wrote their only sum as `[sum]`, up to the
 * largest double.
 */
export interface WideSum {
  low: number;
  /** In multiples of 2^128. */
  high: number;
  /** Whether there was a value that counts in `high`, which may be 0 again. */
  wide: boolean;
}

const LARGE = 2 ** 900;
/** No `low` of ours reaches it: what does is of an earlier version. */
const FOREIGN = 2 ** 960;
const UNIT = 2 ** 128;

export const createWideSum = (): WideSum => ({ low: 0, high: 0, wide: false });

export function addToWideSum(sum: WideSum, value: number): void {
  if (value < LARGE && value > -LARGE) sum.low += value;
  else {
    sum.high += value / UNIT;
    sum.wide = true;
  }
}

export function mergeWideSum(into: WideSum, from: WideSum): void {
  into.low += from.low;
  if (!from.wide) return;
  into.high += from.high;
  into.wide = true;
}

/** The sum; ±Infinity where it is beyond every double. */
export function readWideSum({ low, high }: WideSum): number {
  // A rest of large values is at least 2^720, so that of `low` nothing that counts is lost.
  return high === 0 ? low : (high + low / UNIT) * UNIT;
}

/** The mean of `count` values, which no double is too small for. */
export function readWideMean({ low, high }: WideSum, count: number): number {
  if (high === 0) return low / count;
  const mean = ((high + low / UNIT) / count) * UNIT;
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, mean));
}

/** -0 counts as 0. */
export const encodeWideSum = ({ low, high, wide }: WideSum): number[] =>
  wide ? [low + 0, high + 0] : [low + 0];

export function decodeWideSum([low = 0, high]: readonly number[]): WideSum {
  if (high !== undefined) return { low, high, wide: true };
  if (low < FOREIGN && low > -FOREIGN) return { low, high: 0, wide: false };
  return { low: 0, high: low / UNIT, wide: true };
}

/** Of a constant ClickHouse may divide the sum, which overflows, and not the values. */
const UNIT_SQL = 'materialize(pow(2., 128))';
const isOwn = (value: string): string => `abs(${value}) < pow(2., 960)`;

/** The same in ClickHouse: of Float64 values, and of rows that have such `nums`. */
export const wideSumSql = {
  state(input: string): string {
    const small = `abs(${input}) < pow(2., 900)`;
    const low = `sumIf(${input}, ${small}) + 0.`;
    return `if(countIf(NOT (${small})) = 0, [${low}], [${low}, sumIf(${input} / ${UNIT_SQL}, NOT (${small})) + 0.])`;
  },
  merge: (() => {
    const low = `sumIf(nums[1], ${isOwn('nums[1]')}) + 0.`;
    const high = `sum(nums[2]) + sumIf(nums[1] / ${UNIT_SQL}, NOT (${isOwn('nums[1]')})) + 0.`;
    return `if(countIf(length(nums) > 1 OR NOT (${isOwn('nums[1]')})) = 0, [${low}], [${low}, ${high}])`;
  })(),
};

/** How far two ways of adding may lie apart, of both parts of the state and of the sum. */
export function wideSumSlack(values: readonly number[]): Slack & { outputs: [number] } {
  const isLarge = (value: number): boolean => Math.abs(value) >= LARGE;
  const low = sumSlack(values.filter((value) => !isLarge(value)));
  const high = sumSlack(values.filter(isLarge).map((value) => value / UNIT));
  const size = values.reduce((sum, value) => sum + Math.abs(value / UNIT), 0) * UNIT;
  const whole = high === 0 ? low : low + high * UNIT + 2 * Number.EPSILON * size;
  return { nums: [low, high], outputs: [whole] };
}
