import type { Aggregate } from '../aggregate.ts';
import { checkField } from '../check-call.ts';
import { quantiles } from './quantiles.ts';
import { type QuantileState, readReducedRanks, reduceToRanks, reduceToRanksSql } from './ranked-bins.ts';

const MIDDLE = [0.5];

/** The quantile 0.5 of a number, with the state and the bound of `quantiles`: within 0.8 % of the value in the middle, the lower one of two. */
export const median: Aggregate<QuantileState> = {
  ...quantiles,
  name: 'median',
  check: checkField,
  outputs: () => ['median'],
  value: (state) => readReducedRanks(reduceToRanks(state, MIDDLE), MIDDLE),
  reduced: {
    of: (state) => reduceToRanks(state, MIDDLE),
    sql: (_, columns) => reduceToRanksSql(MIDDLE, columns),
    value: (reduced) => readReducedRanks(reduced, MIDDLE),
  },
};
