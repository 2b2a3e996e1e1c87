import type { Aggregate } from '../aggregate.ts';
import { COUNTER, checkCounter } from './counter.ts';
import { sum } from './sum.ts';
import type { WideSum } from './wide-sum.ts';

/**
 * By how much counters rose, each key's by itself (`counter.ts`). Whole numbers below 2^53 exactly, in whatever order samples come. Its
 * state is a sum's, to which the fold adds contributions instead of samples.
 */
export const increase: Aggregate<WideSum> = {
  ...sum,
  name: 'increase',
  check: checkCounter,
  sequence: COUNTER,
};
