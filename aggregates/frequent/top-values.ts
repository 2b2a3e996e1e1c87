import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { type AggregateCall, formatAggregate } from '#contracts/metric/aggregate-call.ts';
import { OTHER } from '#contracts/metric/dimension.ts';
import type { State } from '#contracts/metric/state.ts';
import type { Aggregate } from '../aggregate.ts';
import { COUNTERS, errorOf, readCounters, totalOf } from './count-min.ts';
import { packText, unpackText, wordsOf } from './packed-text.ts';
import { reduceValuesSql, VALUES_SQL } from './top-values-sql.ts';
import {
  addValue,
  createValueCounts,
  decodeValues,
  encodeValues,
  keptValues,
  mergeValues,
  type ValueCounts,
} from './value-counts.ts';

const MOST_RANKS = 20;
const DEFAULT_RANKS = 10;

/**
 * The values that occur most often, by canonical text: `topk(page, 3)` is how often the first, second and third did, `total` all events with
 * a value, and `error` how much the counts may be too high. Exact up to 1,024 different values. Above that no count is too low, and each is
 * at most `error`, 1/512 of the total, too high with a chance of 255/256; a value that is missing has a share of s with a chance below
 * e^(−1024·s): 1 in 28,000 at 1 %. Equal counts are in the order of the texts. State: see `value-counts.ts`.
 */
export const topk: Aggregate<ValueCounts> = {
  name: 'topk',
  input: 'text',
  empty: 'none',
  adds: 'nothing',
  check,
  outputs: ({ args }) => [...Array.from({ length: args[0]! }, (_, i) => `top${i + 1}`), 'total', 'error'],
  create: createValueCounts,
  add: (state, value, at) => addValue(state, value as string, at),
  merge: mergeValues,
  value: (state, call) => readReduced(reduce(state, call), call),
  // Names with what is kept of them; counters, and what they are encoded to.
  weight: ({ values, counters }) => values.size * 200 + (counters === null ? 0 : COUNTERS * 16),
  encode: encodeValues,
  decode: decodeValues,
  sql: VALUES_SQL,
  reduced: {
    of: reduce,
    sql: reduceValuesSql,
    value: readReduced,
    names: { count: ({ args }) => args[0]!, of: readNames },
  },
};

function check(call: AggregateCall): Result<AggregateCall> {
  const { field, args } = call;
  const [ranks = DEFAULT_RANKS] = args;
  const isCounted = Number.isInteger(ranks) && ranks >= 1 && ranks <= MOST_RANKS;
  if (field !== null && args.length <= 1 && isCounted) return ok({ ...call, args: [ranks] });
  return refuse(
    'invalid_definition',
    `aggregate: expected a property and how many of its values, 1 to ${MOST_RANKS}, such as "topk(page, 10)", got ` +
      `${shown(formatAggregate(call))}. For more than ${MOST_RANKS} define a count with "groupBy", and ask for a view of it with "top".`,
    'aggregate',
  );
}

/** `counts`: the total, the error, and of each rank the count; `keys`: of each the length in bytes and the text. Nothing of an empty state. */
function reduce(state: ValueCounts, { args }: AggregateCall): State {
  const { counters } = state;
  const kept = keptValues(state);
  if (kept.length === 0) return { nums: [], keys: [], counts: [] };
  const counted = kept.map(([name, { count }]) => ({
    name,
    count: counters === null ? count : readCounters(counters, name),
  }));
  const total = counters === null ? counted.reduce((sum, { count }) => sum + count, 0) : totalOf(counters);
  const ranked = counted
    .filter(({ name }) => name !== OTHER)
    .sort((a, b) => b.count - a.count || compareBytes(a.name, b.name))
    .slice(0, args[0]!);
  return {
    nums: [],
    keys: ranked.flatMap(({ name }) => {
      const { bytes, words } = packText(name);
      return [bytes, ...words];
    }),
    counts: [total, counters === null ? 0 : errorOf(total), ...ranked.map(({ count }) => count)],
  };
}

function readReduced(
  { counts: [total, error, ...counts] }: State,
  { args }: AggregateCall,
): (number | null)[] {
  return [...Array.from({ length: args[0]! }, (_, i) => counts[i] ?? null), total ?? null, error ?? null];
}

function readNames({ keys }: State): string[] {
  const names: string[] = [];
  for (let at = 0; at < keys.length; ) {
    const end = at + 1 + wordsOf(keys[at]!);
    names.push(unpackText(keys.slice(at + 1, end), keys[at]!));
    at = end;
  }
  return names;
}

/** In the order of their UTF-8 bytes, which is that of code points: units of pairs come behind all others. */
function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return orderOf(x) - orderOf(y);
  }
  return a.length - b.length;
}

const orderOf = (unit: number): number =>
  unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;
