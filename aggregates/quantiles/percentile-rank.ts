import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { type AggregateCall, formatAggregate } from '#contracts/metric/aggregate-call.ts';
import type { State } from '#contracts/metric/state.ts';
import type { Aggregate } from '../aggregate.ts';
import { forEachBin } from './bin-table.ts';
import { binOf, binOrder, binOrderSql } from './double-bin.ts';
import { quantiles } from './quantiles.ts';
import type { QuantileState } from './ranked-bins.ts';

const MAX_BOUNDS = 16;

/**
 * Share of values at or below each bound, from 0 to 1: `percentile_rank(latency_ms, 300)` is how much was served
 * within 300 ms. From the state of `quantiles` (DDSketch; Masson, Rim, Lee 2019): the bin that holds the bound
 * counts whole, so each value at or below the bound counts, and so may one above it by less than 1/64 of it (1.6 %).
 * The share is exact for some bound that near. Below the smallest value it is 0, from the largest on 1: the smallest of
 * states of an earlier version is known no better than its bin. Outputs are named le_300, le_0_5, le_minus_2.
 */
export const percentileRank: Aggregate<QuantileState> = {
  ...quantiles,
  name: 'percentile_rank',
  check,
  outputs: (call) => call.args.map(outputName),
  value: (state, call) => readShares(countWithin(state, call.args)),
  reduced: { of: (state, call) => countWithin(state, call.args), sql: countWithinSql, value: readShares },
};

function check(call: AggregateCall): Result<AggregateCall> {
  const bounds = [...new Set(call.args.map((bound) => bound + 0))].sort((a, b) => a - b);
  const good = bounds.every(Number.isFinite) && bounds.length > 0 && bounds.length <= MAX_BOUNDS;
  if (call.field !== null && good) return ok({ ...call, args: bounds });
  return refuse(
    'invalid_definition',
    `aggregate: expected a property and 1 to ${MAX_BOUNDS} bounds, such as "percentile_rank(latency_ms, 300)", ` +
      `got ${shown(formatAggregate(call))}.`,
    'aggregate',
  );
}

const outputName = (bound: number): string => `le_${nameOfBound(bound)}`;

/** A bound within the name of an output: 300 → 300, 0.5 → 0_5, -2 → minus_2, 1e+21 → 1e21. */
export const nameOfBound = (bound: number): string =>
  String(bound).replace('.', '_').replace('+', '').replaceAll('-', 'minus_');

const ordersOf = (bounds: readonly number[]): number[] => bounds.map((bound) => binOrder(binOf(bound)));

/** The number of values, then of those at or below each bound, as `counts`. */
function countWithin({ bins, low }: QuantileState, bounds: readonly number[]): State {
  const orders = ordersOf(bounds);
  const within = bounds.map(() => 0);
  let total = 0;
  forEachBin(bins, (key, count) => {
    total += count;
    const order = binOrder(key);
    for (const [i, most] of orders.entries()) if (order <= most) within[i] = within[i]! + count;
  });
  return { nums: [], keys: [], counts: [total, ...within.map((n, i) => (bounds[i]! < low ? 0 : n))] };
}

function countWithinSql(
  { args }: AggregateCall,
  { nums, keys, counts }: Record<keyof State, string>,
): Record<keyof State, string> {
  const within = ordersOf(args).map(
    (most, i) =>
      // A branch of `if` would copy the columns for each function in it.
      `arraySum((bin, n) -> if(${binOrderSql('bin')} <= ${most}, n, 0), ${keys}, ${counts}) ` +
      `* toUInt64(toFloat64(${args[i]!}) >= ${nums}[1])`,
  );
  return { nums: '[]', keys: '[]', counts: `[arraySum(${counts}), ${within.join(', ')}]` };
}

function readShares({ counts: [total = 0, ...within] }: State): (number | null)[] {
  return within.map((count) => (total === 0 ? null : count / total));
}
