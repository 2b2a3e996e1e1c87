import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { type AggregateCall, formatAggregate } from '#contracts/metric/aggregate-call.ts';
import type { State } from '#contracts/metric/state.ts';
import { DAY } from '#contracts/text/duration.ts';
import type { Aggregate, AggregateFamily } from '../aggregate.ts';
import { reduceRetentionSql, retentionSql } from './key-retention-sql.ts';
import {
  addPeriod,
  createKeySample,
  forEachKey,
  type KeySample,
  LEAST_PERIOD,
  MOST_KEYS,
  sampledKeys,
} from './key-sample.ts';
import { murmurHash3 } from './murmur-hash3.ts';
import { utf8Bytes } from './utf8-bytes.ts';
import { xxHash32 } from './xx-hash32.ts';

const MAX_PERIODS = 52;
const WEEK = 7 * DAY;
/** The first Monday after the epoch, which was a Thursday. */
const MONDAY = 4 * DAY;

/**
 * How many keys came back: `retention(1d, 7)` is how many of the keys of the window's earliest day (r0) had an event one
 * to seven days later (r1 to r7). The earliest period is the first in which the group has an event; periods are days or
 * multiples of them in UTC, from the epoch on, weeks from Monday. Exact up to 2,048 keys; above that from the keys with the 2,048 smallest
 * hashes, which are a random sample (bottom-k; Cohen and Kaplan 2007), scaled by the share of all hashes below the next
 * one: of n keys that were sampled the standard error is 1/√n. State: see `key-sample.ts`.
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

function retentionOf(span: number): Aggregate<KeySample> {
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
    create: createKeySample,
    add(sample, value, { ts }) {
      const bytes = utf8Bytes(value as string);
      const period = Math.floor((ts - begin) / span) - LEAST_PERIOD;
      addPeriod(sample, { first: murmurHash3(bytes), second: xxHash32(bytes) }, period);
    },
    merge(into, from) {
      forEachKey(from, (key) => {
        for (const period of key.periods) addPeriod(into, key, period);
      });
      into.earliest = Math.min(into.earliest, from.earliest);
    },
    value: (sample, call) => readReduced(reduce(sample, call)),
    // What is kept of a key, and the three numbers that a period is encoded to.
    weight: ({ size, pairs }) => size * 120 + pairs * 32,
    encode(sample) {
      const keys = sampledKeys(sample);
      const flat = keys.flatMap(({ first, second, periods }) =>
        periods.map((period) => ({ first, second, period })),
      );
      return {
        nums: [],
        keys: (['first', 'second', 'period'] as const).flatMap((part) => flat.map((pair) => pair[part])),
        counts: keys.length === 0 ? [] : [sample.earliest, keys.length],
      };
    },
    decode({ keys, counts }) {
      const sample = createKeySample();
      const pairs = keys.length / 3;
      for (let i = 0; i < pairs; i++)
        addPeriod(sample, { first: keys[i]!, second: keys[i + pairs]! }, keys[i + 2 * pairs]!);
      sample.earliest = counts[0] ?? Number.POSITIVE_INFINITY;
      return sample;
    },
    sql: { state, merge },
    reduced: { of: reduce, sql: reduceRetentionSql, value: readReduced },
  };
}

/** `counts`: keys of the earliest period, and how many of them had an event so many periods later; `keys`: the hashes of the next key where there are more. */
function reduce(sample: KeySample, { args }: AggregateCall): State {
  const keys = sampledKeys(sample);
  const next = keys[MOST_KEYS];
  const cohort = keys.slice(0, MOST_KEYS).filter(({ periods }) => periods[0] === sample.earliest);
  const counts = Array.from(
    { length: args[0]! + 1 },
    (_, i) => cohort.filter(({ periods }) => periods.includes(sample.earliest + i)).length,
  );
  return { nums: [], keys: next === undefined ? [] : [next.first, next.second], counts };
}

function readReduced({ keys: [first, second], counts }: State): number[] {
  if (first === undefined || second === undefined) return counts;
  const share = (first + second / 2 ** 32) / 2 ** 32;
  return counts.map((count) => Math.round(count / share));
}
