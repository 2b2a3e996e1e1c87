import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import type { SequenceForm, SequencePoint } from '#contracts/metric/sequence.ts';
import { hashKey } from '../keys/key-sample.ts';
import { advance, beginOf, type ChainRules } from './chains.ts';
import { chainsSql } from './chains-sql.ts';
import { MAX_SPAN, progressOf } from './key-progress.ts';

const rulesOf = ({ spans: [span = MAX_SPAN] = [], conditions = [] }: AggregateCall): ChainRules => ({
  steps: conditions.length,
  span,
});

/**
 * Chains of events that are the steps of a funnel. Of each point its pane takes the key with what it has reached, where it is an entry,
 * and of each point those of earlier entries that come further by it: what a key has reached only grows, and nothing is ever taken back.
 */
export const FUNNEL: SequenceForm = {
  // All points within the span are in memory: of one key 144,000 at most, for the longest span and without lateness.
  bounds: { sequences: 100_000, points: 100 },
  accepts: (value) => value > 0,
  hold: (call) => rulesOf(call).span,
  whole: (call) => rulesOf(call).span,
  reach: (call) => rulesOf(call).span,
  insert(points, place, { key, call }) {
    const { first, second } = hashKey(key);
    const reached = advance(points, place, rulesOf(call));
    return [
      { ts: points[place]!.ts, value: [] },
      ...reached.map(({ ts, step, time }) => ({ ts, value: [first, second, progressOf(step, time)] })),
    ];
  },
  touched: (points, place, { call, ts }) => entriesWithin(points, place, ts - rulesOf(call).span),
  sql: {
    accepts: (value) => `(${value} > 0)`,
    contributions: (rows, { call, from }) => chainsSql(rows, { ...rulesOf(call), from }),
  },
};

/** The times of entries before a place. */
function entriesWithin(points: readonly SequencePoint[], place: number, from: number): number[] {
  const times: number[] = [];
  for (let i = beginOf(points, { place, ts: from }); i < place; i++) {
    const { ts, value } = points[i]!;
    if ((value & 1) !== 0 && times.at(-1) !== ts) times.push(ts);
  }
  return times;
}
