import type { Aggregate } from '../aggregate.ts';
import { increase } from './increase.ts';
import { readWideSum, type WideSum } from './wide-sum.ts';

/** The increase of counters per second of what has passed of the window. Only the reading differs from `increase`. */
export const counterRate: Aggregate<WideSum> = {
  ...increase,
  name: 'counter_rate',
  adds: 'groups',
  perSecond: true,
  value: (state, _call, window) => [readWideSum(state) / (window / 1_000)],
};
