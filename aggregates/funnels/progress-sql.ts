import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import type { State } from '#contracts/metric/state.ts';
import type { AggregateSql } from '../aggregate.ts';
import { KEPT_KEYS, MOST_KEYS } from '../keys/key-sample.ts';
import { STEP } from './key-progress.ts';

/** Both hashes as one UInt64, which has their order. */
const joined = (first: string, second: string): string =>
  `bitOr(bitShiftLeft(toUInt64(${first}), 32), toUInt64(${second}))`;

/** Keys and progress of a state's column. Slices, since a lambda over places would copy the column for each of them. */
const readKeys = (keys: string): { keys: string; progress: string } => {
  const count = `intDiv(length(${keys}), 3)`;
  const part = (i: number): string => `arraySlice(${keys}, ${i} * ${count} + 1, ${count})`;
  return { keys: `arrayMap((a, b) -> ${joined('a', 'b')}, ${part(0)}, ${part(1)})`, progress: part(2) };
};

const row = readKeys('keys');

/** The state of `key-progress.ts` as ClickHouse expressions. While a statement runs it holds all keys of a group, 16 bytes each and a table of them. */
export const PROGRESS_SQL: AggregateSql = {
  // A contribution is the hashes of a key and its progress, or nothing.
  state: (input) =>
    columnsOf(
      `maxMap(arrayMap(i -> ${joined(`${input}[1]`, `${input}[2]`)}, range(notEmpty(${input}))), arrayMap(i -> toUInt32(${input}[3]), range(notEmpty(${input}))))`,
    ),
  merge: columnsOf(`maxMap(${row.keys}, ${row.progress})`),
};

/** Of all keys, which are sorted, those with the smallest hashes. */
function columnsOf(all: string): Record<keyof State, string> {
  const kept = (of: string): string => `arraySlice((${all} AS funnel_all).${of}, 1, ${KEPT_KEYS})`;
  const keys = `(${kept('1')} AS funnel_keys)`;
  return {
    nums: '[]',
    keys:
      `arrayConcat(arrayMap(key -> toUInt32(bitShiftRight(key, 32)), ${keys}), ` +
      `arrayMap(key -> toUInt32(bitAnd(key, 4294967295)), funnel_keys), arraySlice(funnel_all.2, 1, ${KEPT_KEYS}))`,
    counts: '[]',
  };
}

/** What `funnel.ts` reduces a merged state to. */
export function reduceProgressSql(
  { conditions = [] }: AggregateCall,
  { keys }: Record<keyof State, string>,
): Record<keyof State, string> {
  const count = `intDiv(length(${keys}), 3)`;
  const next = (part: number): string => `${keys}[${part} * ${count} + ${KEPT_KEYS}]`;
  const known = `(arraySlice(${keys}, 2 * ${count} + 1, least(${count}, ${MOST_KEYS})) AS funnel_known)`;
  const steps = conditions.map(
    (_, i) => `arrayCount(one -> one >= ${(i + 1) * STEP}, ${i === 0 ? known : 'funnel_known'})`,
  );
  const times = `(arraySort(arrayMap(one -> ${STEP - 1} - one % ${STEP}, arrayFilter(one -> one >= ${conditions.length * STEP}, funnel_known))) AS funnel_times)`;
  return {
    nums: '[]',
    keys: `if(${count} > ${MOST_KEYS}, [${next(0)}, ${next(1)}], [])`,
    counts: `arrayConcat([${steps.join(', ')}], if(empty(${times}), [], [funnel_times[intDiv(length(funnel_times) + 1, 2)]]))`,
  };
}
