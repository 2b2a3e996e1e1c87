import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { type AggregateCall, formatAggregate } from '#contracts/metric/aggregate-call.ts';
import type { Aggregate, AggregateFamily } from '../aggregate.ts';
import { automaticHistogram } from './automatic-histogram.ts';
import { nameOfBound } from './percentile-rank.ts';

const MAX_BOUNDS = 50;

/** How many values lie between given bounds, or, without any, in buckets of equal width between the smallest and the largest value. */
export const histogram: AggregateFamily = {
  name: 'histogram',
  check,
  of: ({ args }) => (args.length === 0 ? { ...automaticHistogram, check } : fixedHistogram(args)),
};

function check(call: AggregateCall): Result<AggregateCall> {
  const bounds = [...new Set(call.args.map((bound) => bound + 0))].sort((a, b) => a - b);
  if (call.field !== null && bounds.every(Number.isFinite) && bounds.length <= MAX_BOUNDS)
    return ok({ ...call, args: bounds });
  return refuse(
    'invalid_definition',
    `aggregate: expected a property and at most ${MAX_BOUNDS} bounds, such as "histogram(latency_ms, 100, 300)" or, ` +
      `for bounds that follow the values, "histogram(latency_ms)", got ${shown(formatAggregate(call))}.`,
    'aggregate',
  );
}

interface Buckets {
  counts: number[];
}

/**
 * Exact counts. A bucket holds what is above its lower bound and not above its upper one; the first has no lower bound, the last no
 * upper one. Outputs are named to_100, over_100_to_300, over_300. State: `counts` of the buckets.
 */
function fixedHistogram(bounds: readonly number[]): Aggregate<Buckets> {
  const places = Array.from({ length: bounds.length + 1 }, (_, i) => i);
  const isWithin = (i: number, input: string): string =>
    [
      ...(i === 0 ? [] : [`${input} > toFloat64(${bounds[i - 1]!})`]),
      ...(i === bounds.length ? [] : [`${input} <= toFloat64(${bounds[i]!})`]),
    ].join(' AND ');
  return {
    name: 'histogram',
    input: 'number',
    empty: 'zero',
    adds: 'windows',
    check,
    outputs: ({ args }) => places.map((i) => nameOfBucket(args[i - 1], args[i])),
    create: () => ({ counts: places.map(() => 0) }),
    add({ counts }, value) {
      counts[bucketOf(bounds, value as number)]! += 1;
    },
    merge(into, from) {
      for (const i of places) into.counts[i]! += from.counts[i]!;
    },
    value: ({ counts }) => [...counts],
    encode: ({ counts }) => ({ nums: [], keys: [], counts: [...counts] }),
    decode: ({ counts }) => ({ counts: places.map((i) => counts[i] ?? 0) }),
    sql: {
      state: (input) => ({
        nums: '[]',
        keys: '[]',
        counts: `[${places.map((i) => `countIf(${isWithin(i, input)})`).join(', ')}]`,
      }),
      merge: { nums: '[]', keys: '[]', counts: 'sumForEach(counts)' },
    },
  };
}

function nameOfBucket(above: number | undefined, upTo: number | undefined): string {
  const names = [
    ...(above === undefined ? [] : [`over_${nameOfBound(above)}`]),
    ...(upTo === undefined ? [] : [`to_${nameOfBound(upTo)}`]),
  ];
  return names.join('_');
}

/** How many bounds are below a value, by bisection. */
function bucketOf(bounds: readonly number[], value: number): number {
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= bounds[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
