import type { Aggregate } from '../aggregate.ts';
import { type Moments, moments, varianceOf, varianceSlack } from './moments.ts';

/** Population variance of a number: the mean squared deviation from the mean, in the square of the field's unit. `moments.ts` has state and sources. */
export const variance: Aggregate<Moments> = {
  ...moments,
  name: 'variance',
  value: (state) => [varianceOf(state)],
  slack(values) {
    const slack = varianceSlack(values);
    return { nums: slack.nums, outputs: [slack.variance] };
  },
};
