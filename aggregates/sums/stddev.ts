import type { Aggregate } from '../aggregate.ts';
import { deviationOf, type Moments, moments, varianceSlack } from './moments.ts';

/** Population standard deviation of a number, in the field's unit: the root of `variance`, from the same state. */
export const stddev: Aggregate<Moments> = {
  ...moments,
  name: 'stddev',
  value: (state) => [deviationOf(state)],
  // |√a − √b| ≤ √|a − b|.
  slack(values) {
    const slack = varianceSlack(values);
    return { nums: slack.nums, outputs: [Math.sqrt(slack.variance)] };
  },
};
