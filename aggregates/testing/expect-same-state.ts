import { expect } from 'vitest';
import type { State } from '#contracts/metric/state.ts';
import type { Aggregate } from '../aggregate.ts';

/** States of the same values, made in two ways: equal bit by bit, or as near as the aggregate says of `values`. */
export function expectSameState(
  aggregate: Aggregate,
  found: State,
  expected: State,
  values: readonly unknown[],
): void {
  const slack = aggregate.slack?.(values as number[]).nums ?? [];
  const isNear = (x: number, i: number): boolean => Math.abs(x - expected.nums[i]!) <= (slack[i] ?? 0);
  const nums = found.nums.map((x, i) => (isNear(x, i) ? expected.nums[i]! : x));
  expect({ ...found, nums }, slack.length > 0 ? `within ${slack}` : undefined).toEqual(expected);
}
