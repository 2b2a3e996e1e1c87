import { ok } from '#contracts/errors.ts';
import type { Aggregate } from '../aggregate.ts';
import { createTally, type Tally } from './tally.ts';

/**
 * Share of the events for which a condition holds, from 0 to 1, with how many these are and how many there are in all: of
 * merged windows and groups the share of all their events, not a mean of shares. State: `counts: [matching, total]`.
 */
export const share: Aggregate<Tally> = {
  ...createTally(1),
  name: 'share',
  // What else its call could hold is refused by the form of its arguments.
  check: ok,
  outputs: () => ['value', 'matching', 'total'],
  value({ counts: [matching = 0, total = 0] }) {
    return total === 0 ? [null, null, null] : [matching / total, matching, total];
  },
};
