import type { Aggregate } from './aggregate.ts';
import { checkField } from './check-call.ts';
import { finite, finiteSql } from './finite.ts';
import { sumSlack } from './float-slack.ts';

interface SumState {
  sum: number;
}

/**
 * Sum of a number. Integers below 2^53 exactly, whatever the order; other sums within 2nε·Σ|x|.
 * State: `nums: [sum]`.
 */
export const sum: Aggregate<SumState> = {
  name: 'sum',
  input: 'number',
  empty: 'zero',
  adds: 'windows',
  check: checkField,
  outputs: () => ['value'],
  create: () => ({ sum: 0 }),
  add(state, value) {
    state.sum = finite(state.sum + (value as number));
  },
  merge(into, from) {
    into.sum = finite(into.sum + from.sum);
  },
  value: (state) => [state.sum],
  encode: (state) => ({ nums: [state.sum], keys: [], counts: [] }),
  decode: (state) => ({ sum: state.nums[0] ?? 0 }),
  slack(values) {
    const slack = sumSlack(values);
    return { nums: [slack], outputs: [slack] };
  },
  sql: {
    state: (input) => ({ nums: `[${finiteSql(`sum(${input})`)}]`, keys: '[]', counts: '[]' }),
    merge: { nums: `[${finiteSql('sum(nums[1])')}]`, keys: '[]', counts: '[]' },
  },
};
