import type { State } from '#contracts/metric/state.ts';
import { type BinTable, forEachBin } from './bin-table.ts';
import { binOrder, binOrderSql, binValue } from './double-bin.ts';

/** `low` and `high`: the smallest and the largest value; not finite before the first. */
export interface QuantileState {
  bins: BinTable;
  low: number;
  high: number;
}

/**
 * What remains of binned values to read them at ascending ranks: `nums` the smallest and the largest value, `keys` the bin at
 * each rank, `counts` how many values there are; all empty without values.
 */
export function reduceToRanks({ bins: table, low, high }: QuantileState, ranks: readonly number[]): State {
  const bins: { key: number; count: number }[] = [];
  let total = 0;
  forEachBin(table, (key, count) => {
    bins.push({ key, count });
    total += count;
  });
  if (total === 0) return { nums: [], keys: [], counts: [] };
  bins.sort((a, b) => binOrder(a.key) - binOrder(b.key));
  const keys: number[] = [];
  let bin = 0;
  let below = 0;
  for (const q of ranks) {
    const rank = rankOf(q, total);
    while (bin < bins.length - 1 && below + bins[bin]!.count <= rank) below += bins[bin++]!.count;
    keys.push(bins[bin]!.key);
  }
  return { nums: [low, high], keys, counts: [total] };
}

/** The values at the same ranks, null each without values. */
export function readReducedRanks({ nums, keys, counts }: State, ranks: readonly number[]): (number | null)[] {
  const [low, high, total] = [nums[0], nums[1], counts[0]];
  if (low === undefined || high === undefined || total === undefined) return ranks.map(() => null);
  return ranks.map((q, i) => {
    const rank = rankOf(q, total);
    if (rank === 0) return low;
    if (rank === total - 1) return high;
    return Math.max(low, Math.min(high, binValue(keys[i]!)));
  });
}

const rankOf = (q: number, total: number): number => Math.floor(q * (total - 1));

/** `reduceToRanks` of a merged state in ClickHouse; its columns hold extremes wherever they hold bins. */
export function reduceToRanksSql(
  ranks: readonly number[],
  { nums, keys, counts }: Record<keyof State, string>,
): Record<keyof State, string> {
  const sorted = `arraySort((bin, n) -> ${binOrderSql('bin')}, ${keys}, ${counts})`;
  // The counts of the same order.
  const upTo = `arrayCumSum(arraySort((n, bin) -> ${binOrderSql('bin')}, ${counts}, ${keys}))`;
  const total = `arraySum(${counts})`;
  const at = ranks.map((q) => {
    const rank = `floor(toFloat64(${q}) * (toFloat64(${total}) - 1))`;
    return `${sorted}[arrayFirstIndex(c -> c > ${rank}, ${upTo})]`;
  });
  return {
    nums,
    // A branch of `if` would copy the columns for each function in it.
    keys: `arrayResize([${at.join(', ')}], if(empty(${keys}), 0, ${ranks.length}))`,
    counts: `arrayResize([${total}], if(empty(${keys}), 0, 1))`,
  };
}
