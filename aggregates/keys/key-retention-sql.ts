import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import type { State } from '#contracts/metric/state.ts';
import type { AggregateSql } from '../aggregate.ts';
import { LEAST_PERIOD } from './key-periods.ts';
import { KEPT_KEYS, MOST_KEYS } from './key-sample.ts';

/** Both hashes as one UInt64, which has their order. */
const joined = (first: string, second: string): string =>
  `bitOr(bitShiftLeft(toUInt64(${first}), 32), toUInt64(${second}))`;

/** Keys and periods of a state's column. Slices, since a lambda over places would copy the column for each of them. */
const pairsIn = (keys: string): { keys: string; periods: string } => {
  const pairs = `intDiv(length(${keys}), 3)`;
  const part = (i: number): string => `arraySlice(${keys}, ${i} * ${pairs} + 1, ${pairs})`;
  return { keys: `arrayMap((a, b) -> ${joined('a', 'b')}, ${part(0)}, ${part(1)})`, periods: part(2) };
};

/** The state of `key-retention.ts` as ClickHouse expressions. */
export function retentionSql(span: number, begin: number): AggregateSql {
  const periodOf = (at: string): string => {
    const since = `(tupleElement(${at}, 1) - ${begin})`;
    return `toUInt32(intDiv(${since} - positiveModulo(${since}, ${span}), ${span}) - (${LEAST_PERIOD}))`;
  };
  const row = pairsIn('keys');
  return {
    state(input, at) {
      const key = joined(`murmurHash3_32(${input})`, `xxHash32(${input})`);
      const period = periodOf(at);
      return columnsOf(`groupUniqArray((${key}, ${period}))`, `min(${period})`);
    },
    merge: columnsOf(
      `groupUniqArrayArray(arrayZip(${row.keys}, ${row.periods}))`,
      'minIf(counts[1], notEmpty(counts))',
    ),
  };
}

/**
 * Of all pairs those of the keys with the smallest hashes. What is used more than once has a name, so that the statement
 * stays short. While a statement runs it holds all pairs of a group, 16 bytes each and a table of them: no aggregate function keeps the smallest
 * of different values.
 */
function columnsOf(pairs: string, earliest: string): Record<keyof State, string> {
  const all = `(arraySort(${pairs}) AS retention_all)`;
  const keys = `(arraySort(arrayDistinct(arrayMap(pair -> pair.1, ${all}))) AS retention_keys)`;
  const count = `least(${KEPT_KEYS}, length(${keys}))`;
  const kept = `(arrayFilter(pair -> pair.1 <= retention_keys[${count}], retention_all) AS retention_kept)`;
  const part = (of: string): string => `arrayMap(pair -> toUInt32(${of}), retention_kept)`;
  return {
    nums: '[]',
    keys: `arrayConcat(arrayMap(pair -> toUInt32(bitShiftRight(pair.1, 32)), ${kept}), ${part('bitAnd(pair.1, 4294967295)')}, ${part('pair.2')})`,
    counts: `arrayResize([toUInt64(${earliest}), toUInt64(${count})], if(empty(${keys}), 0, 2))`,
  };
}

/** What `key-retention.ts` reduces a merged state to. */
export function reduceRetentionSql(
  { args }: AggregateCall,
  { keys, counts }: Record<keyof State, string>,
): Record<keyof State, string> {
  const pairs = pairsIn(keys);
  const isMore = `(${counts}[2] > ${MOST_KEYS})`;
  const own = `(${pairs.keys} AS retention_own)`;
  const next = 'arrayMax(retention_own)';
  // The next key is not counted: no other period can bring it back.
  const cohort =
    `(arrayFilter((key, period) -> period = ${counts}[1] AND NOT (${isMore} AND key = ${next}), ` +
    `${own}, (${pairs.periods} AS retention_periods)) AS retention_cohort)`;
  const later = Array.from(
    { length: args[0]! },
    (_, i) =>
      `length(arrayIntersect(retention_cohort, arrayFilter((key, period) -> period = ${counts}[1] + ${i + 1}, retention_own, retention_periods)))`,
  );
  const hashes = `toUInt32(bitShiftRight(arrayMax(${own}), 32)), toUInt32(bitAnd(${next}, 4294967295))`;
  return {
    nums: '[]',
    keys: `arrayResize([${hashes}], if(${isMore}, 2, 0))`,
    counts: `[length(${cohort}), ${later.join(', ')}]`,
  };
}
