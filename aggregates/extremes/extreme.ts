import type { Aggregate } from '../aggregate.ts';
import { checkField } from '../check-call.ts';

interface ExtremeState {
  value: number | null;
}

/** The two aggregates that keep one value. State: `nums: [value]`, or nothing before the first. -0 counts as 0. */
export function createExtreme(name: 'min' | 'max'): Aggregate<ExtremeState> {
  const pick = name === 'min' ? Math.min : Math.max;
  const take = (state: ExtremeState, value: number): void => {
    state.value = state.value === null ? value : pick(state.value, value);
  };
  return {
    name,
    input: 'number',
    empty: 'none',
    adds: 'nothing',
    check: checkField,
    outputs: () => ['value'],
    create: () => ({ value: null }),
    add: (state, value) => take(state, (value as number) + 0),
    merge(into, from) {
      if (from.value !== null) take(into, from.value);
    },
    value: (state) => [state.value],
    encode: (state) => ({ nums: state.value === null ? [] : [state.value], keys: [], counts: [] }),
    decode: (state) => ({ value: state.nums[0] ?? null }),
    sql: {
      state: (input) => ({ nums: `[${name}(${input} + 0.)]`, keys: '[]', counts: '[]' }),
      merge: { nums: `${name}ForEach(nums)`, keys: '[]', counts: '[]' },
    },
  };
}
