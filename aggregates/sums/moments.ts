import type { Aggregate } from '../aggregate.ts';
import { checkField } from '../check-call.ts';
import { momentsSlack } from './float-slack.ts';

/** `m2`: sum of squared deviations from the mean. With `wide`, of the values as multiples of 2^600. */
export interface Moments {
  count: number;
  mean: number;
  m2: number;
  /** Whether there was a value from 2^480 on. The squares of smaller ones and their sum fit a double as they are. */
  wide: boolean;
}

const LARGE = 2 ** 480;
const UNIT = 2 ** 600;
/** No state of ours that is not wide has a mean or m2 beyond these: what has is of an earlier version. */
const FOREIGN = { mean: 2 ** 490, m2: 2 ** 1017 };

/** Of a constant ClickHouse would divide the sum, which overflows, and not the values. */
const UNIT_SQL = 'materialize(pow(2., 600))';

/** Whether a row among those merged is wide, or must be. */
const WIDE_SQL =
  'max(counts[1] > 0 AND (length(nums) > 2 OR abs(nums[1]) >= pow(2., 490) OR nums[2] >= pow(2., 1017)))';

/** Rows merged one after the other as `mergeMoments` does, all of them wide where one is: (count, mean, M2). */
const MERGED_SQL =
  'arrayFold((a, r) -> (a.1 + r.1, a.2 + (r.2 - a.2) * (r.1 / (a.1 + r.1)), ' +
  'a.3 + r.3 + (r.2 - a.2) * (a.1 * (r.1 / (a.1 + r.1))) * (r.2 - a.2)), ' +
  `arrayMap(r -> if(${WIDE_SQL} AND NOT r.4, (r.1, r.2 / pow(2., 600), r.3 / pow(2., 600) / pow(2., 600)), ` +
  '(r.1, r.2, r.3)), groupArrayIf((toFloat64(counts[1]), nums[1], nums[2], length(nums) > 2), counts[1] > 0)), ' +
  '(0., 0., 0.))';

const MERGED_NUMS = `(${MERGED_SQL}).2 + 0., (${MERGED_SQL}).3 + 0.`;

/**
 * Everything but the reading of the aggregates over count, mean and M2. Values are added by Welford's method
 * (1962), states merged by Chan, Golub and LeVeque's (1979): neither subtracts large squares from each other, so a
 * small spread about a large mean is not lost. State: `nums: [mean, m2], counts: [n]`, and a third number, 1, where it is wide.
 */
export const moments: Omit<Aggregate<Moments>, 'name' | 'value' | 'slack'> = {
  input: 'number',
  empty: 'none',
  adds: 'nothing',
  check: checkField,
  outputs: () => ['value'],
  create: () => ({ count: 0, mean: 0, m2: 0, wide: false }),
  add(state, value) {
    let x = value as number;
    if (state.wide || x >= LARGE || x <= -LARGE) {
      widen(state);
      x /= UNIT;
    }
    state.count += 1;
    const delta = x - state.mean;
    state.mean += delta / state.count;
    state.m2 += delta * (x - state.mean);
  },
  merge: mergeMoments,
  encode({ count, mean, m2, wide }) {
    const nums = [mean + 0, m2 + 0];
    return { nums: wide ? [...nums, 1] : nums, keys: [], counts: [count] };
  },
  decode({ nums: [mean = 0, m2 = 0, wide], counts: [count = 0] }) {
    const state = { count, mean, m2, wide: wide !== undefined };
    if (Math.abs(mean) >= FOREIGN.mean || m2 >= FOREIGN.m2) widen(state);
    return state;
  },
  sql: {
    state: (input) => ({
      nums:
        `if(max(abs(${input})) < pow(2., 480), [avg(${input}) + 0., varPopStable(${input}) * count() + 0.], ` +
        `[avg(${input} / ${UNIT_SQL}) + 0., varPopStable(${input} / ${UNIT_SQL}) * count() + 0., 1.])`,
      keys: '[]',
      counts: '[count()]',
    }),
    merge: {
      nums: `if(${WIDE_SQL}, [${MERGED_NUMS}, 1.], [${MERGED_NUMS}])`,
      keys: '[]',
      counts: '[sum(counts[1])]',
    },
  },
};

/** Continues in multiples of 2^600: what a smaller state loses is negligible beside the value that requires it. */
function widen(state: Moments): void {
  if (state.wide) return;
  state.mean /= UNIT;
  state.m2 = state.m2 / UNIT / UNIT;
  state.wide = true;
}

function mergeMoments(into: Moments, from: Moments): void {
  if (from.count === 0) return;
  if (from.wide) widen(into);
  const unit = into.wide && !from.wide ? UNIT : 1;
  const count = into.count + from.count;
  const share = from.count / count;
  const delta = from.mean / unit - into.mean;
  into.mean += delta * share;
  into.m2 += from.m2 / unit / unit + delta * (into.count * share) * delta;
  into.count = count;
}

/** Population variance; null without values, Infinity where it is beyond every double. */
export function varianceOf({ count, m2, wide }: Moments): number | null {
  if (count === 0) return null;
  return wide ? (m2 / count) * UNIT * UNIT : m2 / count;
}

/** Its root, which no double is too small for. */
export function deviationOf({ count, m2, wide }: Moments): number | null {
  if (count === 0) return null;
  const deviation = Math.sqrt(m2 / count);
  return wide ? Math.min(Number.MAX_VALUE, deviation * UNIT) : deviation;
}

/** How far two ways of adding may lie apart: of the state's numbers, and of the variance. */
export function varianceSlack(values: readonly number[]): { nums: number[]; variance: number } {
  const wide = values.some((value) => Math.abs(value) >= LARGE);
  const nums = momentsSlack(wide ? values.map((value) => value / UNIT) : values);
  const variance = values.length === 0 ? 0 : nums[1]! / values.length;
  return { nums, variance: wide ? variance * UNIT * UNIT : variance };
}
