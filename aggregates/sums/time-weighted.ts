import type { Contributed } from '#contracts/metric/sequence.ts';
import { DAY } from '#contracts/text/duration.ts';
import type { Aggregate } from '../aggregate.ts';
import { checkGauge, GAUGE } from './gauge.ts';
import {
  addToWideSum,
  createWideSum,
  decodeWideSum,
  encodeWideSum,
  mergeWideSum,
  readWideMean,
  type WideSum,
  wideSumSlack,
  wideSumSql,
} from './wide-sum.ts';

/** As much as a sample contributes at most. */
const sampleOf = (value: number): [integral: number, ms: number] =>
  GAUGE.accepts(value) ? [value * DAY, 0] : [0, 0];

interface TimeWeighted extends WideSum {
  /** For how long values held, of all keys together. What a sample takes from the one before it is never more than it gives. */
  ms: number;
}

/**
 * The mean of gauges, each value weighted by how long it held (`gauge.ts`): the integral over ms, divided by the ms that are held. State:
 * `nums` of the integral (`wide-sum.ts`), `counts: [ms]`.
 */
export const timeWeighted: Aggregate<TimeWeighted> = {
  name: 'time_weighted',
  input: 'number',
  empty: 'none',
  adds: 'nothing',
  ahead: true,
  sequence: GAUGE,
  check: checkGauge,
  outputs: () => ['value'],
  create: () => ({ ...createWideSum(), ms: 0 }),
  add(state, value) {
    const [integral = 0, ms = 0] = value as readonly number[];
    addToWideSum(state, integral);
    state.ms += ms;
  },
  merge(into, from) {
    mergeWideSum(into, from);
    into.ms += from.ms;
  },
  value: (state) => [state.ms > 0 ? readWideMean(state, state.ms) : null],
  encode: (state) => ({ nums: encodeWideSum(state), keys: [], counts: [state.ms] }),
  decode: ({ nums, counts: [ms = 0] }) => ({ ...decodeWideSum(nums), ms }),
  slack(values: readonly Contributed[]) {
    const lists = values.map((value) => (typeof value === 'number' ? sampleOf(value) : value));
    const { nums, outputs } = wideSumSlack(lists.map(([integral = 0]) => integral));
    const ms = lists.reduce((sum, [, own = 0]) => sum + own, 0);
    return { nums, outputs: [ms > 0 ? outputs[0] / ms : 0] };
  },
  sql: {
    state: (input) => ({
      nums: wideSumSql.state(`${input}[1]`),
      keys: '[]',
      counts: `[toUInt64(sum(${input}[2]))]`,
    }),
    merge: { nums: wideSumSql.merge, keys: '[]', counts: '[sum(counts[1])]' },
  },
};
