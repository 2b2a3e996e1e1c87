import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { type AggregateCall, formatAggregate } from '#contracts/metric/aggregate-call.ts';
import type { State } from '#contracts/metric/state.ts';
import { formatDuration, SECOND } from '#contracts/text/duration.ts';
import type { Aggregate } from '../aggregate.ts';
import { createKeySample, forEachKey, MOST_KEYS, sampledKeys, scaleCount } from '../keys/key-sample.ts';
import { FUNNEL } from './funnel-form.ts';
import { addProgress, type KeyProgress, MAX_SPAN, stepOf, timeOf } from './key-progress.ts';
import { PROGRESS_SQL, reduceProgressSql } from './progress-sql.ts';

/**
 * How many keys come how far: `funnel(30m, page = /cart, page = /paid)` is the number of keys with an event for which the first condition
 * holds, at the time of the window, and how many of them had one for each later condition, one after the other and within the span; and
 * the median of the shortest times that those which came through took, in seconds: few that take long would decide about a mean. In a window a
 * key counts once, by the best of its entries. Exact up to 2,048 keys, and above that from a sample of them, scaled, as `retention`: all steps
 * are counted among the same keys, so that none is larger than the one before. State: see `key-progress.ts`.
 */
export const funnel: Aggregate<KeyProgress> = {
  name: 'funnel',
  input: 'conditions',
  empty: 'none',
  adds: 'nothing',
  sequence: FUNNEL,
  check,
  outputs: ({ conditions = [] }) => [...conditions.map((_, i) => `step${i + 1}`), 'duration'],
  create: createKeySample,
  add(state, value) {
    const [first, second, progress] = value as readonly number[];
    // Nothing is added where an event is no entry, or changes none.
    if (first === undefined || second === undefined || progress === undefined) return;
    addProgress(state, { first, second }, progress);
  },
  merge(into, from) {
    forEachKey(from, (key) => addProgress(into, key, key.known));
  },
  value: (state, call) => readReduced(reduce(state, call), call),
  // What is kept of a key, and the three numbers that it is encoded to.
  weight: ({ size }) => size * 120,
  encode(state) {
    const keys = sampledKeys(state);
    const parts = (['first', 'second', 'known'] as const).flatMap((part) => keys.map((key) => key[part]));
    return { nums: [], keys: parts, counts: [] };
  },
  decode({ keys }) {
    const state: KeyProgress = createKeySample();
    const count = keys.length / 3;
    for (let i = 0; i < count; i++)
      addProgress(state, { first: keys[i]!, second: keys[i + count]! }, keys[i + 2 * count]!);
    return state;
  },
  sql: PROGRESS_SQL,
  reduced: { of: reduce, sql: reduceProgressSql, value: readReduced },
};

function check(call: AggregateCall): Result<AggregateCall> {
  const { name, field, args, spans = [], conditions = [] } = call;
  const [span = 0] = spans;
  if (
    field !== null ||
    args.length > 0 ||
    spans.length !== 1 ||
    conditions.length < 2 ||
    conditions.length > 10
  ) {
    return refuse(
      'invalid_definition',
      `aggregate: ${name} expects a duration, then 2 to 10 conditions, such as "${name}(30m, page = /cart, page = /paid)", got ${shown(formatAggregate(call))}.`,
      'aggregate',
    );
  }
  if (span >= SECOND && span <= MAX_SPAN) return ok(call);
  return refuse(
    'out_of_range',
    `aggregate: the steps of a ${name} are within 1s to 1d of the first, got ${formatDuration(span)}.`,
    'aggregate',
  );
}

/** `counts`: keys that reached each step, and the median time where any reached the last, ms; `keys`: the hashes of the next key where there are more. */
function reduce(state: KeyProgress, { conditions = [] }: AggregateCall): State {
  const keys = sampledKeys(state);
  const next = keys[MOST_KEYS];
  const counted = keys.slice(0, MOST_KEYS).map(({ known }) => known);
  const steps = conditions.map((_, i) => counted.filter((progress) => stepOf(progress) > i).length);
  const through = counted.filter((progress) => stepOf(progress) === conditions.length);
  const times = through.map(timeOf).sort((a, b) => a - b);
  return {
    nums: [],
    keys: next === undefined ? [] : [next.first, next.second],
    // Of an even number the lower of the two in the middle, as every median here.
    counts: [...steps, ...times.slice((times.length - 1) >> 1).slice(0, 1)],
  };
}

function readReduced(
  { keys: [first, second], counts }: State,
  { conditions = [] }: AggregateCall,
): (number | null)[] {
  const steps = counts.slice(0, conditions.length);
  if (steps[0] === 0) return [...steps, 0].map(() => null);
  const next = first === undefined || second === undefined ? null : { first, second };
  const median = counts[conditions.length];
  return [...steps.map((count) => scaleCount(count, next)), median === undefined ? null : median / SECOND];
}
