import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { type AggregateCall, formatAggregate } from '#contracts/metric/aggregate-call.ts';
import type { Aggregate } from './aggregate.ts';
import { forEachBin } from './bin-table.ts';
import { binOf, binOrder } from './double-bin.ts';
import { type QuantileState, quantiles } from './quantiles.ts';

const MAX_BOUNDS = 16;

/**
 * Share of values at or below each bound, from 0 to 1: `percentile_rank(latency_ms, 300)` is how much was served
 * within 300 ms. From the state of `quantiles` (DDSketch; Masson, Rim, Lee 2019): the bin that holds the bound
 * counts whole, so each value at or below the bound counts, and so may one above it by less than 1/64 of it (1.6 %).
 * The share is exact for some bound that near. Outputs are named le_300, le_0_5, le_minus_2.
 */
export const percentileRank: Aggregate<QuantileState> = {
  ...quantiles,
  name: 'percentile_rank',
  check,
  outputs: (call) => call.args.map(outputName),
  value: (state, call) => readShares(state, call.args),
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

/** 300 → le_300, 0.5 → le_0_5, -2 → le_minus_2, 1e+21 → le_1e21. */
const outputName = (bound: number): string =>
  `le_${String(bound).replace('.', '_').replace('+', '').replaceAll('-', 'minus_')}`;

function readShares({ bins }: QuantileState, bounds: readonly number[]): (number | null)[] {
  const orders = bounds.map((bound) => binOrder(binOf(bound)));
  const within = bounds.map(() => 0);
  let total = 0;
  forEachBin(bins, (key, count) => {
    total += count;
    const order = binOrder(key);
    for (const [i, most] of orders.entries()) if (order <= most) within[i] = within[i]! + count;
  });
  return within.map((count) => (total === 0 ? null : count / total));
}
