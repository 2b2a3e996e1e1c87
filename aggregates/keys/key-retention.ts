import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { type AggregateCall, formatAggregate } from '#contracts/metric/aggregate-call.ts';
import type { State } from '#contracts/metric/state.ts';
import { DAY } from '#contracts/text/duration.ts';
import type { Aggregate, AggregateFamily } from '../aggregate.ts';
import { addPeriod, createKeyPeriods, type KeyPeriods, LEAST_PERIOD } from './key-periods.ts';
import { reduceRetentionSql, retentionSql } from './key-retention-sql.ts';
import { forEachKey, hashKey, MOST_KEYS, sampledKeys, scaleCount } from './key-sample.ts';

const MAX_PERIODS = 52;
const WEEK = 7 * DAY;
/** The first Monday after the epoch, which was a Thursday. */
const MONDAY = 4 * DAY;

/**
 * How many keys came back: `retention(1d, 7)` is how many of the keys of the window's earliest day (r0) had an event one
 * to seven days later (r1 to r7). The earliest period is the first in which the group has an event; periods are days or
 * multiples of them in UTC, from the epoch on, weeks from Monday. Exact up to 2,048 keys; above that from the keys with the 2,048 smallest
 * hashes (`key-sample.ts`), scaled by the share of all hashes below the next one: of n keys that were sampled the standard error is
 * 1/√n. State: see `key-periods.ts`.
 */
export const retention: AggregateFamily = {
  name: 'retention',
  check,
  of: ({ spans = [] }) => retentionOf(spans[0] ?? DAY),
};

function check(call: AggregateCall): Result<AggregateCall> {
  const [span = 0] = call.spans ?? [];
  const [periods = 0] = call.args;
  const isCounted = Number.isInteger(periods) && periods >= 1 && periods <= MAX_PERIODS;
  if (span % DAY === 0 && isCounted) return ok(call);
  return refuse(
    'invalid_definition',
    `aggregate: expected whole days or weeks and 1 to ${MAX_PERIODS} periods, such as "retention(1d, 7)" or ` +
      `"retention(1w, 8)", got ${shown(formatAggregate(call))}.`,
    'aggregate',
  );
}

function retentionOf(span: number): Aggregate<KeyPeriods> {
  const begin = span % WEEK === 0 ? MONDAY : 0;
  const { state, merge } = retentionSql(span, begin);
  return {
    name: 'retention',
    input: 'text',
    path: '$key',
    empty: 'zero',
    adds: 'nothing',
    check,
    outputs: ({ args }) => Array.from({ length: args[0]! + 1 }, (_, i) => `r${i}`),
    create: createKeyPeriods,
    add(state, value, { ts }) {
      addPeriod(state, hashKey(value as string), Math.floor((ts - begin) / span) - LEAST_PERIOD);
    },
    merge(into, from) {
      forEachKey(from.sample, (key) => {
        for (const period of key.known) addPeriod(into, key, period);
      });
      into.earliest = Math.min(into.earliest, from.earliest);
    },
    value: (state, call) => readReduced(reduce(state, call)),
    // What is kept of a key, and the three numbers that a period is encoded to.
    weight: ({ sample, pairs }) => sample.size * 120 + pairs * 32,
    encode({ sample, earliest }) {
      const keys = sampledKeys(sample);
      const flat = keys.flatMap(({ first, second, known }) =>
        known.map((period) => ({ first, second, period })),
      );
      return {
        nums: [],
        keys: (['first', 'second', 'period'] as const).flatMap((part) => flat.map((pair) => pair[part])),
        counts: keys.length === 0 ? [] : [earliest, keys.length],
      };
    },
    decode({ keys, counts }) {
      const state = createKeyPeriods();
      const pairs = keys.length / 3;
      for (let i = 0; i < pairs; i++)
        addPeriod(state, { first: keys[i]!, second: keys[i + pairs]! }, keys[i + 2 * pairs]!);
      state.earliest = counts[0] ?? Number.POSITIVE_INFINITY;
      return state;
    },
    sql: { state, merge },
    reduced: { of: reduce, sql: reduceRetentionSql, value: readReduced },
  };
}

/** `counts`: keys of the earliest period, and how many of them had an event so many periods later; `keys`: the hashes of the next key where there are more. */
function reduce({ sample, earliest }: KeyPeriods, { args }: AggregateCall): State {
  const keys = sampledKeys(sample);
  const next = keys[MOST_KEYS];
  const cohort = keys.slice(0, MOST_KEYS).filter(({ known }) => known[0] === earliest);
  const counts = Array.from(
    { length: args[0]! + 1 },
    (_, i) => cohort.filter(({ known }) => known.includes(earliest + i)).length,
  );
  return { nums: [], keys: next === undefined ? [] : [next.first, next.second], counts };
}

function readReduced({ keys: [first, second], counts }: State): number[] {
  const next = first === undefined || second === undefined ? null : { first, second };
  return counts.map((count) => scaleCount(count, next));
}
