import type { Aggregate } from '../aggregate.ts';
import { checkField } from '../check-call.ts';
import {
  addToWideSum,
  createWideSum,
  decodeWideSum,
  encodeWideSum,
  mergeWideSum,
  readWideSum,
  type WideSum,
  wideSumSlack,
  wideSumSql,
} from './wide-sum.ts';

/**
 * Sum of a number. Integers below 2^53 exactly, whatever the order; other sums within 2nε·Σ|x|.
 * State: `nums`, as `wide-sum.ts` has it.
 */
export const sum: Aggregate<WideSum> = {
  name: 'sum',
  input: 'number',
  empty: 'zero',
  adds: 'windows',
  check: checkField,
  outputs: () => ['value'],
  create: createWideSum,
  add: (state, value) => addToWideSum(state, value as number),
  merge: mergeWideSum,
  value: (state) => [readWideSum(state)],
  encode: (state) => ({ nums: encodeWideSum(state), keys: [], counts: [] }),
  decode: ({ nums }) => decodeWideSum(nums),
  slack: wideSumSlack,
  sql: {
    state: (input) => ({ nums: wideSumSql.state(input), keys: '[]', counts: '[]' }),
    merge: { nums: wideSumSql.merge, keys: '[]', counts: '[]' },
  },
};
