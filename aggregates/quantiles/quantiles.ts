import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { type AggregateCall, formatAggregate } from '#contracts/metric/aggregate-call.ts';
import type { Aggregate } from '../aggregate.ts';
import { addToBin, createBinTable, mergeBins, sortedBins } from './bin-table.ts';
import { binOf, binSql, binValue, binValueSql } from './double-bin.ts';
import { type QuantileState, readReducedRanks, reduceToRanks, reduceToRanksSql } from './ranked-bins.ts';

const MAX_RANKS = 16;

/** The smallest and the largest value of a row; those of an earlier version have none, and it is what their outermost bins are read as. */
const BIN_VALUES_SQL = `arrayMap(bin -> ${binValueSql('bin')}, keys)`;
const LOW_SQL = `if(empty(nums), arrayMin(${BIN_VALUES_SQL}), nums[1])`;
const HIGH_SQL = `if(empty(nums), arrayMax(${BIN_VALUES_SQL}), nums[2])`;

/**
 * Quantiles of a number within 0.8 % of the value, from counts per bin (`double-bin.ts`). The quantile q is the
 * value of the bin that holds rank q·(n−1), counted from 0 and rounded down, and never beyond the smallest and the
 * largest value, which are exact: so are the lowest and the highest rank, and values that are all equal. State:
 * `nums: [smallest, largest]`, `keys` ascending bins, `counts` theirs; it serves any q. Outputs are named p50, p99, p99_9.
 */
export const quantiles: Aggregate<QuantileState> = {
  name: 'quantiles',
  input: 'number',
  empty: 'none',
  adds: 'nothing',
  check,
  outputs: (call) => call.args.map(outputName),
  create: () => createState(),
  add(state, value) {
    const x = (value as number) + 0;
    if (x < state.low) state.low = x;
    if (x > state.high) state.high = x;
    addToBin(state.bins, binOf(x), 1);
  },
  merge(into, from) {
    into.low = Math.min(into.low, from.low);
    into.high = Math.max(into.high, from.high);
    mergeBins(into.bins, from.bins);
  },
  value: (state, call) => readReducedRanks(reduceToRanks(state, call.args), call.args),
  // The table, and what it is encoded to.
  weight: ({ bins }) => bins.slots.length * 12 + bins.used * 16,
  encode: ({ bins, low, high }) => ({ nums: bins.used === 0 ? [] : [low, high], ...sortedBins(bins) }),
  decode({ nums, keys, counts }) {
    const state = createState(keys.length);
    for (let i = 0; i < keys.length; i++) addToBin(state.bins, keys[i]!, counts[i]!);
    const values = nums.length > 0 ? nums : keys.map(binValue);
    for (const value of values) {
      state.low = Math.min(state.low, value);
      state.high = Math.max(state.high, value);
    }
    return state;
  },
  sql: {
    state: (input) => ({
      nums: `[min(${input}) + 0., max(${input}) + 0.]`,
      keys: `sumMap([${binSql(input)}], [toUInt64(1)]).1`,
      counts: `sumMap([${binSql(input)}], [toUInt64(1)]).2`,
    }),
    merge: {
      nums: `if(countIf(notEmpty(keys)) = 0, [], [minIf(${LOW_SQL}, notEmpty(keys)), maxIf(${HIGH_SQL}, notEmpty(keys))])`,
      // A map is merged several times faster than two lists.
      keys: 'mapKeys(sumMap(mapFromArrays(keys, counts)))',
      counts: 'mapValues(sumMap(mapFromArrays(keys, counts)))',
    },
  },
  reduced: {
    of: (state, call) => reduceToRanks(state, call.args),
    sql: (call, columns) => reduceToRanksSql(call.args, columns),
    value: (reduced, call) => readReducedRanks(reduced, call.args),
  },
};

const createState = (bins = 0): QuantileState => ({
  bins: createBinTable(bins),
  low: Number.POSITIVE_INFINITY,
  high: Number.NEGATIVE_INFINITY,
});

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
