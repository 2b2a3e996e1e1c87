import type { State } from '#contracts/metric/state.ts';
import type { Aggregate } from '../aggregate.ts';
import { forEachBin } from './bin-table.ts';
import { binValue, binValueSql } from './double-bin.ts';
import { quantiles } from './quantiles.ts';
import type { QuantileState } from './ranked-bins.ts';

const BUCKETS = 20;
const PLACES = Array.from({ length: BUCKETS }, (_, i) => i);
/** How far the upper bound of each bucket is on the way from the smallest to the largest value. */
const SHARES = PLACES.map((i) => (i + 1) / BUCKETS);

/** Of halves, since the difference of the ends could overflow; never beyond the ends, and the last is the largest value itself. */
const boundOf = (low: number, high: number, share: number): number =>
  share === 1
    ? high
    : Math.max(low, Math.min(high, 2 * (low / 2 + ((high / 2) * share - (low / 2) * share))));

/**
 * How many values lie in each of 20 buckets of equal width between the smallest and the largest, which are exact. From the
 * state of `quantiles`: the values of a bin count where the bin's value lies, so that one within 0.8 % of a bound may
 * count on its other side. A bucket holds what is above its lower bound, which for the first is included, and not above its upper one.
 */
export const automaticHistogram: Aggregate<QuantileState> = {
  ...quantiles,
  name: 'histogram',
  outputs: () => ['low', 'high', ...PLACES.map((i) => `bucket_${i + 1}`)],
  value: (state) => readReduced(reduce(state)),
  reduced: { of: reduce, sql: (_, columns) => reduceSql(columns), value: readReduced },
};

/** `nums` the smallest and the largest value, `counts` how many are in each bucket; all empty without values. */
function reduce({ bins, low, high }: QuantileState): State {
  if (bins.used === 0) return { nums: [], keys: [], counts: [] };
  const bounds = SHARES.map((share) => boundOf(low, high, share));
  const upTo = PLACES.map(() => 0);
  forEachBin(bins, (key, count) => {
    const value = Math.max(low, Math.min(high, binValue(key)));
    for (const i of PLACES) if (value <= bounds[i]!) upTo[i] = upTo[i]! + count;
  });
  return { nums: [low, high], keys: [], counts: upTo };
}

/** Its columns hold extremes wherever they hold bins. What is used more than once has a name, so that the statement stays short. */
function reduceSql({ nums, keys, counts }: Record<keyof State, string>): Record<keyof State, string> {
  const [low, high] = [`${nums}[1]`, `${nums}[2]`];
  const values =
    `(arrayMap(bin -> greatest(${low}, least(${high}, ${binValueSql('bin')})), ${keys}) ` +
    'AS histogram_values)';
  // `boundOf`, step by step.
  const boundSql = (share: number): string =>
    share === 1
      ? high
      : `greatest(${low}, least(${high}, 2. * (${low} / 2. + (${high} / 2. * ${share} - ${low} / 2. * ${share}))))`;
  const upTo = SHARES.map(
    (share, i) =>
      `arraySum((x, n) -> if(x <= ${boundSql(share)}, n, 0), ${i === 0 ? values : 'histogram_values'}, ${counts})`,
  );
  return {
    nums,
    keys: '[]',
    // A branch of `if` would copy the columns for each function in it.
    counts: `arrayResize([${upTo.join(', ')}], if(empty(${keys}), 0, ${BUCKETS}))`,
  };
}

function readReduced({ nums: [low, high], counts }: State): (number | null)[] {
  if (low === undefined || high === undefined) return [null, null, ...PLACES.map(() => null)];
  return [low, high, ...PLACES.map((i) => counts[i]! - (counts[i - 1] ?? 0))];
}
