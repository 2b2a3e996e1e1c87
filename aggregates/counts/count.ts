import type { Aggregate } from '../aggregate.ts';
import { checkBare } from '../check-call.ts';

export interface CountState {
  count: number;
}

/** How many events. Exact up to 2^53. State: `counts: [n]`. */
export const count: Aggregate<CountState> = {
  name: 'count',
  input: 'none',
  empty: 'zero',
  adds: 'windows',
  check: checkBare,
  outputs: () => ['value'],
  create: () => ({ count: 0 }),
  add(state) {
    state.count += 1;
  },
  merge(into, from) {
    into.count += from.count;
  },
  value: (state) => [state.count],
  encode: (state) => ({ nums: [], keys: [], counts: [state.count] }),
  decode: (state) => ({ count: state.counts[0] ?? 0 }),
  sql: {
    state: () => ({ nums: '[]', keys: '[]', counts: '[count()]' }),
    merge: { nums: '[]', keys: '[]', counts: '[sum(counts[1])]' },
  },
};
