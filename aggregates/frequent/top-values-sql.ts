import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import { OTHER } from '#contracts/metric/dimension.ts';
import type { State } from '#contracts/metric/state.ts';
import type { AggregateSql } from '../aggregate.ts';
import { COUNTERS, errorSql, placesSql, totalSql } from './count-min.ts';
import { packSql, unpackSql } from './packed-text.ts';
import { MOST_BYTES, MOST_VALUES } from './value-counts.ts';

/** Both halves of a number as one UInt64, which has their order. */
const joined = (first: string, second: string): string =>
  `bitOr(bitShiftLeft(toUInt64(${first}), 32), toUInt64(${second}))`;

const NO_NUMBERS = "CAST([], 'Array(UInt64)')";

const isCounted = (counts: string): string => `(length(${counts}) <= ${MOST_VALUES})`;

/**
 * An expression in which others have names: each is then computed once. An alias of a statement would be analyzed again wherever it stands, and
 * aliases within aliases multiply.
 */
function bind(values: Record<string, string>, body: string): string {
  const lists = Object.values(values).map((value) => `[${value}]`);
  return `arrayMap((${Object.keys(values).join(', ')}) -> ${body}, ${lists.join(', ')})[1]`;
}

/** The length of a list of counters: none where there are counts. */
const SIZE = `toUInt32(if(is_sketch, ${COUNTERS}, 0))`;

/** (places, numbers) as one list of so many, 0 where there is none. */
const spreadSql = (found: string, size: string): string =>
  bind(
    { found },
    `arrayReduce('maxMap', [found.1, range(${size})], [found.2, arrayResize(${NO_NUMBERS}, ${size})]).2`,
  );

/** (names, numbers by which they are kept) of a state's columns. */
function valuesIn({ keys, counts }: Pick<Record<keyof State, string>, 'keys' | 'counts'>): string {
  const part = (i: number): string => `arraySlice(own_keys, ${i} * own_size + 1, own_size)`;
  const drawn = `arrayMap((a, b) -> ${joined('a', 'b')}, ${part(0)}, ${part(1)})`;
  const names = bind(
    { own_bytes: part(2) },
    unpackSql('arraySlice(own_keys, 3 * own_size + 1)', 'own_bytes'),
  );
  return bind(
    { own_keys: keys, own_size: `toUInt32(least(length(${counts}), ${MOST_VALUES}))` },
    `(${names}, ${drawn})`,
  );
}

const row = `(${valuesIn({ keys: 'keys', counts: 'counts' })} AS topk_row)`;

/**
 * The state of `value-counts.ts` as ClickHouse expressions. While a statement runs it holds all values of a group: no aggregate function
 * keeps the lowest of different ones.
 */
export const VALUES_SQL: AggregateSql = {
  state(input, at) {
    const name = `if(length(${input}) > ${MOST_BYTES}, '${OTHER}', ${input})`;
    const position = [1, 2, 3, 4].map((i) => `reinterpretAsFixedString(tupleElement(${at}, ${i}))`);
    const bytes = `concat(${position.join(', ')})`;
    return columnsOf({
      drawn: `minMap([${name}], [${joined(`murmurHash3_32(${bytes})`, `xxHash32(${bytes})`)}])`,
      counted: `sumMap([${name}], [toUInt64(1)])`,
      counters: NO_NUMBERS,
    });
  },
  merge: columnsOf({
    drawn: `minMap(${row}.1, topk_row.2)`,
    counted: `sumMapIf(topk_row.1, arrayResize(counts, least(length(counts), ${MOST_VALUES})), ${isCounted('counts')})`,
    counters: `sumForEachIf(counts, NOT ${isCounted('counts')})`,
  }),
};

/** `drawn`: (names, numbers); `counted`: (names, counts), of rows that have counts; `counters`: the sums of the others' counters. */
interface MergedValues {
  drawn: string;
  counted: string;
  counters: string;
}

/**
 * Of a group without counters no list of counters is made: there are many such groups, and an `if` computes both of its branches.
 */
function columnsOf({ drawn, counted, counters }: MergedValues): Record<keyof State, string> {
  const all = bind({ merged: drawn }, 'arraySort(one -> one.1, arrayZip(merged.2, merged.1))');
  const keys =
    'arrayConcat(arrayMap(one -> toUInt32(bitShiftRight(one.1, 32)), kept), ' +
    'arrayMap(one -> toUInt32(bitAnd(one.1, 4294967295)), kept), ' +
    'arrayMap(one -> toUInt32(length(one.2)), kept), ' +
    `arrayFlatten(${packSql('arrayMap(one -> one.2, kept)')}))`;
  // Both lists of names are the same where no row has counters.
  const counts = 'arraySort((count, number) -> number, arrayResize(added.2, length(merged.1)), merged.2)';
  const sums = bind(
    { spilled: 'if(is_sketch, length(added.1), 0)' },
    `arrayReduce('sumMap', arrayMap(name -> ${placesSql('name')}, arrayResize(added.1, spilled)), ` +
      'arrayMap(count -> [count, count, count, count], arrayResize(added.2, spilled)))',
  );
  const sum = `arrayMap((a, b) -> toUInt64(a + b), ${spreadSql(sums, SIZE)}, arrayResize(held, ${SIZE}))`;
  return {
    nums: '[]',
    keys: bind({ kept: `arraySlice(${all}, 1, ${MOST_VALUES})` }, keys),
    counts: bind(
      { merged: drawn, added: counted, held: counters },
      bind(
        { is_sketch: `(length(merged.1) > ${MOST_VALUES} OR notEmpty(held))` },
        `if(is_sketch, ${sum}, ${counts})`,
      ),
    ),
  };
}

/** What `top-values.ts` reduces a merged state to. */
export function reduceValuesSql(
  { args }: AggregateCall,
  { keys, counts }: Record<keyof State, string>,
): Record<keyof State, string> {
  const each = bind(
    { own: counts, names: `${valuesIn({ keys, counts })}.1`, is_sketch: `NOT ${isCounted(counts)}` },
    `if(is_sketch, ${readSql()}, arrayZip(names, arrayResize(own, length(names))))`,
  );
  const named = `arrayFilter(one -> one.1 != '${OTHER}', ${each})`;
  const ranked = `arraySlice(arraySort(one -> (-toInt64(one.2), one.1), ${named}), 1, ${args[0]!})`;
  const texts = `arrayMap((one, words) -> arrayConcat([toUInt32(length(one.1))], words), ranked, ${packSql('arrayMap(one -> one.1, ranked)')})`;
  const totals = bind(
    { total: `toUInt64(if(${isCounted(counts)}, arraySum(${counts}), ${totalSql(counts)}))` },
    `[total, toUInt64(if(${isCounted(counts)}, 0, ${errorSql('total')}))]`,
  );
  return {
    nums: '[]',
    keys: bind({ ranked }, `arrayFlatten(${texts})`),
    counts: `arrayConcat(arrayResize(${totals}, if(empty(${counts}), 0, 2)), arrayMap(one -> toUInt64(one.2), ${ranked}))`,
  };
}

/**
 * (name, lowest of its counters) for each. A lambda that reads counters by place would copy all of them for each place: instead each
 * counter is repeated as often as names have it, which is the order of the names by their places.
 */
function readSql(): string {
  const looked = 'arrayResize(names, if(is_sketch, length(names), 0))';
  const pairs = `arraySort(arrayFlatten(arrayMap(name -> arrayMap(place -> (place, name), ${placesSql('name')}), ${looked})))`;
  const uses =
    "arrayReduce('sumMap', arrayMap(pair -> [pair.1], pairs), arrayMap(pair -> [toUInt64(1)], pairs))";
  const repeated = `arrayFlatten(arrayMap((count, times) -> arrayWithConstant(times, count), arrayResize(own, ${SIZE}), ${spreadSql(uses, SIZE)}))`;
  const lowest = `arrayReduce('minMap', arrayMap(pair -> [pair.2], pairs), arrayMap(count -> [count], ${repeated}))`;
  return bind({ pairs }, bind({ lowest }, 'arrayZip(lowest.1, lowest.2)'));
}
