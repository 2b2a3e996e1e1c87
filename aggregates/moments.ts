import type { Aggregate } from './aggregate.ts';
import { checkField } from './check-call.ts';
import { finite, finiteSql } from './finite.ts';
import { momentsSlack } from './float-slack.ts';

/** `m2`: sum of squared deviations from the mean. */
export interface Moments {
  count: number;
  mean: number;
  m2: number;
}

/** Rows merged one after the other as `mergeMoments` does: (count, mean, M2). */
const MERGED_SQL =
  'arrayFold((a, r) -> (a.1 + r.1, a.2 + (r.2 - a.2) * (r.1 / (a.1 + r.1)), ' +
  'a.3 + r.3 + (r.2 - a.2) * (a.1 * (r.1 / (a.1 + r.1))) * (r.2 - a.2)), ' +
  'groupArrayIf((toFloat64(counts[1]), nums[1], nums[2]), counts[1] > 0), (0., 0., 0.))';

/**
 * Everything but the reading of the aggregates over count, mean and M2. Values are added by Welford's method
 * (1962), states merged by Chan, Golub and LeVeque's (1979): neither subtracts large squares from each other, so a
 * small spread about a large mean is not lost. State: `nums: [mean, m2], counts: [n]`.
 */
export const moments: Omit<Aggregate<Moments>, 'name' | 'value' | 'slack'> = {
  input: 'number',
  empty: 'none',
  adds: 'nothing',
  check: checkField,
  outputs: () => ['value'],
  create: () => ({ count: 0, mean: 0, m2: 0 }),
  add(state, value) {
    state.count += 1;
    const delta = finite((value as number) - state.mean);
    state.mean = finite(state.mean + delta / state.count);
    state.m2 = finite(state.m2 + delta * ((value as number) - state.mean));
  },
  merge: mergeMoments,
  encode: ({ count, mean, m2 }) => ({ nums: [mean, m2], keys: [], counts: [count] }),
  decode: ({ nums, counts }) => ({ count: counts[0] ?? 0, mean: nums[0] ?? 0, m2: nums[1] ?? 0 }),
  sql: {
    state: (input) => ({
      nums: `[${finiteSql(`avg(${input})`)}, ${finiteSql(`varPopStable(${input}) * count()`)}]`,
      keys: '[]',
      counts: '[count()]',
    }),
    merge: {
      nums: `[${finiteSql(`(${MERGED_SQL}).2`)}, ${finiteSql(`(${MERGED_SQL}).3`)}]`,
      keys: '[]',
      counts: '[sum(counts[1])]',
    },
  },
};

function mergeMoments(into: Moments, from: Moments): void {
  if (from.count === 0) return;
  const count = into.count + from.count;
  const share = from.count / count;
  const delta = finite(from.mean - into.mean);
  into.mean = finite(into.mean + delta * share);
  into.m2 = finite(into.m2 + from.m2 + delta * (into.count * share) * delta);
  into.count = count;
}

/** Population variance; null without values. */
export const varianceOf = ({ count, m2 }: Moments): number | null => (count === 0 ? null : m2 / count);

/** How far two variances of the values may lie apart. */
export const varianceSlack = (values: readonly number[]): number =>
  values.length === 0 ? 0 : momentsSlack(values)[1]! / values.length;
