import type { Aggregate } from './aggregate.ts';
import { momentsSlack } from './float-slack.ts';
import { type Moments, moments, varianceOf, varianceSlack } from './moments.ts';

/** Population standard deviation of a number, in the field's unit: the root of `variance`, from the same state. */
export const stddev: Aggregate<Moments> = {
  ...moments,
  name: 'stddev',
  value(state) {
    const variance = varianceOf(state);
    return [variance === null ? null : Math.sqrt(variance)];
  },
  // |√a − √b| ≤ √|a − b|.
  slack: (values) => ({ nums: momentsSlack(values), outputs: [Math.sqrt(varianceSlack(values))] }),
};
