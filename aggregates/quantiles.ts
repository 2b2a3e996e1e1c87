import { type AggregateCall, formatAggregate } from '#contracts/aggregate-call.ts';
import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import type { Aggregate } from './aggregate.ts';
import { addToBin, type BinTable, createBinTable, forEachBin, mergeBins, sortedBins } from './bin-table.ts';
import { binOf, binOrder, binSql, binValue } from './double-bin.ts';

const MAX_RANKS = 16;

/**
 * Quantiles of a number within 0.8 % of the value, from counts per bin (`double-bin.ts`). The quantile q is the
 * value of the bin that holds rank q·(n−1), counted from 0. State: `keys` ascending bins, `counts` theirs; it
 * serves any q. Outputs are named p50, p99, p99_9.
 */
export const quantiles: Aggregate<BinTable> = {
  name: 'quantiles',
  input: 'number',
  empty: 'none',
  adds: 'nothing',
  check,
  outputs: (call) => call.args.map(outputName),
  create: () => createBinTable(),
  add: (state, value) => addToBin(state, binOf(value as number), 1),
  merge: mergeBins,
  value: (state, call) => readRanks(state, call.args),
  // The table, and what it is encoded to.
  weight: (state) => state.slots.length * 12 + state.used * 16,
  encode: (state) => ({ nums: [], ...sortedBins(state) }),
  decode(state) {
    const table = createBinTable(state.keys.length);
    for (let i = 0; i < state.keys.length; i++) addToBin(table, state.keys[i]!, state.counts[i]!);
    return table;
  },
  sql: {
    state: (input) => ({
      nums: '[]',
      keys: `sumMap([${binSql(input)}], [toUInt64(1)]).1`,
      counts: `sumMap([${binSql(input)}], [toUInt64(1)]).2`,
    }),
    merge: { nums: '[]', keys: 'sumMap(keys, counts).1', counts: 'sumMap(keys, counts).2' },
  },
};

function check(call: AggregateCall): Result<AggregateCall> {
  const ranks = [...new Set(call.args)].sort((a, b) => a - b);
  // Five decimals of a percentile keep the output names short and different.
  const good = ranks.every((q) => q >= 0 && q <= 1 && Number(q.toFixed(7)) === q);
  if (call.field !== null && good && ranks.length > 0 && ranks.length <= MAX_RANKS) {
    return ok({ ...call, args: ranks.map((q) => q + 0) });
  }
  return refuse(
    'invalid_definition',
    `aggregate: expected a property and 1 to ${MAX_RANKS} ranks from 0 to 1 of at most 7 decimals, ` +
      `such as "quantiles(latency_ms, 0.5, 0.99)", got ${shown(formatAggregate(call))}.`,
    'aggregate',
  );
}

/** 0.5 → p50, 0.05 → p5, 0.999 → p99_9. */
function outputName(q: number): string {
  const percent = Number((q * 100).toFixed(5));
  return `p${String(percent).replace('.', '_')}`;
}

/** The quantiles at ascending ranks, null each without values. */
export function readRanks(state: BinTable, ranks: readonly number[]): (number | null)[] {
  const bins: { key: number; count: number }[] = [];
  let total = 0;
  forEachBin(state, (key, count) => {
    bins.push({ key, count });
    total += count;
  });
  if (total === 0) return ranks.map(() => null);
  bins.sort((a, b) => binOrder(a.key) - binOrder(b.key));
  const out: number[] = [];
  let bin = 0;
  let below = 0;
  for (const q of ranks) {
    const rank = q * (total - 1);
    while (bin < bins.length - 1 && below + bins[bin]!.count <= rank) below += bins[bin++]!.count;
    out.push(binValue(bins[bin]!.key));
  }
  return out;
}
