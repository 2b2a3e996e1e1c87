import type { Aggregate } from '../aggregate.ts';
import { checkField } from '../check-call.ts';
import {
  addToWideSum,
  decodeWideSum,
  encodeWideSum,
  mergeWideSum,
  readWideMean,
  type WideSum,
  wideSumSlack,
  wideSumSql,
} from './wide-sum.ts';

interface AvgState extends WideSum {
  count: number;
}

/** Mean of a number, kept as sum and count so that it merges. State: `nums` of the sum (`wide-sum.ts`), `counts: [n]`. */
export const avg: Aggregate<AvgState> = {
  name: 'avg',
  input: 'number',
  empty: 'none',
  adds: 'nothing',
  check: checkField,
  outputs: () => ['value'],
  create: () => ({ low: 0, high: 0, wide: false, count: 0 }),
  add(state, value) {
    addToWideSum(state, value as number);
    state.count += 1;
  },
  merge(into, from) {
    mergeWideSum(into, from);
    into.count += from.count;
  },
  value: (state) => [state.count === 0 ? null : readWideMean(state, state.count)],
  encode: (state) => ({ nums: encodeWideSum(state), keys: [], counts: [state.count] }),
  decode({ nums, counts }) {
    const { low, high, wide } = decodeWideSum(nums);
    return { low, high, wide, count: counts[0] ?? 0 };
  },
  slack(values) {
    const { nums, outputs } = wideSumSlack(values);
    return { nums, outputs: [values.length === 0 ? 0 : outputs[0] / values.length] };
  },
  sql: {
    state: (input) => ({ nums: wideSumSql.state(input), keys: '[]', counts: '[count()]' }),
    merge: { nums: wideSumSql.merge, keys: '[]', counts: '[sum(counts[1])]' },
  },
};
