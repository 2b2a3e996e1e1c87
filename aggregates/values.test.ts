import { expect, test } from 'vitest';
import { parseAggregate } from '#contracts/aggregate-call.ts';
import { aggregateOf } from './registry.ts';

function valuesOf(text: string, values: readonly (number | string | undefined)[], window = 10_000) {
  const call = parseAggregate(text);
  if (!call.ok) throw new Error(call.fault.message);
  const aggregate = aggregateOf(call.value);
  const state = aggregate.create();
  for (const value of values) aggregate.add(state, value);
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
  ['distinct(x)', ['a', 'b', 'a', ''], [3]],
] as const)('%s of %j', (text, values, expected) => {
  expect(valuesOf(text, values)).toEqual(expected);
});

test('a sum that overflows stays at the largest double, which JSON can carry', () => {
  expect(valuesOf('sum(x)', [1e308, 1e308, 1e308])).toEqual([Number.MAX_VALUE]);
  expect(valuesOf('sum(x)', [-1e308, -1e308])).toEqual([-Number.MAX_VALUE]);
});
