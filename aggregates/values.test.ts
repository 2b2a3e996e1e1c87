import { expect, test } from 'vitest';
import { parseAggregate } from '#contracts/metric/aggregate-call.ts';
import type { Contributed } from '#contracts/metric/sequence.ts';
import { aggregateOf } from './registry.ts';

function valuesOf(text: string, values: readonly (Contributed | string | undefined)[], window = 10_000) {
  const call = parseAggregate(text);
  if (!call.ok) throw new Error(call.fault.message);
  const aggregate = aggregateOf(call.value);
  const state = aggregate.create();
  for (const [index, value] of values.entries())
    aggregate.add(state, value, { ts: 0, part: 0, offset: 0, index });
  return aggregate.value(state, call.value, window);
}

test.each([
  ['count', [undefined, undefined, undefined], [3]],
  ['rate', [undefined, undefined, undefined], [0.3]],
  ['sum(x)', [1, 2.5, -4], [-0.5]],
  ['avg(x)', [1, 2, 6], [3]],
  ['min(x)', [3, -2, 7], [-2]],
  ['max(x)', [3, -2, 7], [7]],
  ['min(x)', [0, -0], [0]],
  ['variance(x)', [2, 4, 4, 4, 5, 5, 7, 9], [4]],
  ['stddev(x)', [2, 4, 4, 4, 5, 5, 7, 9], [2]],
  ['variance(x)', [5], [0]],
  ['variance(x)', [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], [22.5]],
  ['first(x)', [3, 1, 2], [3]],
  ['last(x)', [3, 1, 2], [2]],
  ['last(x)', [3, -0], [0]],
  ['percentile_rank(x, 300)', [1, 300, 290, 310], [0.75]],
  ['percentile_rank(x, -5, 0, 0.5, 2)', [-10, -5, -1, 0, 0.25, 1, 2, 3], [0.25, 0.5, 0.625, 0.875]],
  ['distinct(x)', ['a', 'b', 'a', ''], [3]],
  ['histogram(x, 1, 3)', [-5, 1, 1.5, 3, 3.1, 9], [2, 2, 2]],
  ['histogram(x, 0)', [-0, 0, 5e-324], [2, 1]],
  ['histogram(x)', [7, 7], [7, 7, 2, ...Array(19).fill(0)]],
  ['histogram(x)', [0, 0.9, 10.5, 20], [0, 20, 2, ...Array(9).fill(0), 1, ...Array(8).fill(0), 1]],
  ['share(x = 1)', [1, 0, 1, 1], [0.75, 3, 4]],
  ['share(x = 1)', [0], [0, 0, 1]],
  ['ratio(x = 1, x = 2)', [0b01, 0b10, 0b11, 0b11, 0b10, 0], [0.75, 3, 4]],
  ['ratio(x = 1, x = 2)', [0b01, 0], [null, 1, 0]],
  [
    'time_weighted(x)',
    [
      [500, 50],
      [1_000, 10],
    ],
    [25],
  ],
  [
    'time_weighted(x)',
    [
      [500, 50],
      [-300, 0],
      [0, 10],
    ],
    [200 / 60],
  ],
  ['time_weighted(x)', [[0, 0]], [null]],
] as const)('%s of %j', (text, values, expected) => {
  expect(valuesOf(text, values)).toEqual(expected);
});

test.each([
  ['sum(x)', [1e308, 1e308, 1e308], Infinity],
  ['sum(x)', [-1e308, -1e308], -Infinity],
  ['sum(x)', [1.5e308, 1.5e308, -1.5e308], 1.5e308],
  ['avg(x)', [1.5e308, 1.5e308], 1.5e308],
  ['avg(x)', [1.5e308, -1.5e308, 3], 1],
  ['variance(x)', [1e300, 3e300], Infinity],
  ['variance(x)', [1e300, 1e300], 0],
  ['variance(x)', [2 ** 500, 2 ** 500 + 2 ** 450], 2 ** 898],
  ['stddev(x)', [1e300, 3e300], 1e300],
  ['stddev(x)', [-Number.MAX_VALUE, Number.MAX_VALUE], Number.MAX_VALUE],
] as const)('%s of %j is right where a double can hold it, else infinite', (text, values, expected) => {
  const [found] = valuesOf(text, values);
  if (Number.isFinite(expected)) expect(found! / (expected || 1)).toBeCloseTo(expected === 0 ? 0 : 1, 14);
  else expect(found).toBe(expected);
});
