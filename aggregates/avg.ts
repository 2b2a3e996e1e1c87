import type { Aggregate } from './aggregate.ts';
import { checkField } from './check-call.ts';
import { finite, finiteSql } from './finite.ts';
import { sumSlack } from './float-slack.ts';

interface AvgState {
  sum: number;
  count: number;
}

/** Mean of a number, kept as sum and count so that it merges. State: `nums: [sum], counts: [n]`. */
export const avg: Aggregate<AvgState> = {
  name: 'avg',
  input: 'number',
  empty: 'none',
  adds: 'nothing',
  check: checkField,
  outputs: () => ['value'],
  create: () => ({ sum: 0, count: 0 }),
  add(state, value) {
    state.sum = finite(state.sum + (value as number));
    state.count += 1;
  },
  merge(into, from) {
    into.sum = finite(into.sum + from.sum);
    into.count += from.count;
  },
  value: (state) => [state.count === 0 ? null : state.sum / state.count],
  encode: (state) => ({ nums: [state.sum], keys: [], counts: [state.count] }),
  decode: (state) => ({ sum: state.nums[0] ?? 0, count: state.counts[0] ?? 0 }),
  slack(values) {
    const slack = sumSlack(values);
    return { nums: [slack], outputs: [values.length === 0 ? 0 : slack / values.length] };
  },
  sql: {
    state: (input) => ({ nums: `[${finiteSql(`sum(${input})`)}]`, keys: '[]', counts: '[count()]' }),
    merge: { nums: `[${finiteSql('sum(nums[1])')}]`, keys: '[]', counts: '[sum(counts[1])]' },
  },
};
