import { comparePositions, type EventPosition } from '#contracts/event/event-position.ts';
import type { Aggregate } from '../aggregate.ts';
import { checkField } from '../check-call.ts';

/** The value kept and where its event is; nothing is kept while `any` is false. */
interface EdgeState extends EventPosition {
  any: boolean;
  value: number;
}

/** The position of a row's event, in the order of `comparePositions`. */
const ROW_AT = '(nums[1], keys[1], counts[1], keys[2])';

/**
 * The two aggregates that keep the number at one end of time: by event time, ties by position (partition, offset,
 * index), so that the answer depends on nothing but the events. Text and other types are skipped, as by every
 * aggregate over numbers. State: `nums: [ts, value], keys: [part, index], counts: [offset]`, or nothing before the
 * first value. -0 counts as 0.
 */
export function createEdge(name: 'first' | 'last'): Aggregate<EdgeState> {
  const sign = name === 'first' ? 1 : -1;
  const [edge, argEdge] = name === 'first' ? ['min', 'argMin'] : ['max', 'argMax'];
  const take = (state: EdgeState, value: number, at: EventPosition): void => {
    if (state.any && sign * comparePositions(at, state) >= 0) return;
    state.any = true;
    state.value = value;
    state.ts = at.ts;
    state.part = at.part;
    state.offset = at.offset;
    state.index = at.index;
  };
  return {
    name,
    input: 'number',
    empty: 'none',
    adds: 'nothing',
    check: checkField,
    outputs: () => ['value'],
    create: () => ({ any: false, value: 0, ts: 0, part: 0, offset: 0, index: 0 }),
    add: (state, value, at) => take(state, (value as number) + 0, at),
    merge(into, from) {
      if (from.any) take(into, from.value, from);
    },
    value: (state) => [state.any ? state.value : null],
    encode: ({ any, value, ts, part, offset, index }) =>
      any
        ? { nums: [ts + 0, value], keys: [part, index], counts: [offset] }
        : { nums: [], keys: [], counts: [] },
    decode({ nums, keys, counts }) {
      const [ts = 0, value = 0] = nums;
      const [part = 0, index = 0] = keys;
      return { any: nums.length > 0, value, ts, part, offset: counts[0] ?? 0, index };
    },
    sql: {
      state: (input, at) => ({
        nums: `[toFloat64(${edge}(${at}).1), ${argEdge}(${input}, ${at}) + 0.]`,
        keys: `[${edge}(${at}).2, ${edge}(${at}).4]`,
        counts: `[${edge}(${at}).3]`,
      }),
      merge: {
        nums: `${argEdge}If(nums, ${ROW_AT}, notEmpty(nums))`,
        keys: `${argEdge}If(keys, ${ROW_AT}, notEmpty(nums))`,
        counts: `${argEdge}If(counts, ${ROW_AT}, notEmpty(nums))`,
      },
    },
  };
}
