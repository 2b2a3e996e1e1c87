import { ok } from '#contracts/errors.ts';
import type { Aggregate } from '../aggregate.ts';
import { createTally, type Tally } from './tally.ts';

/**
 * How many events fit a first condition for each that fits a second, with both counts; an event may fit both. No
 * value where none fits the second. State: `counts: [first, second, all]`.
 */
export const ratio: Aggregate<Tally> = {
  ...createTally(2),
  name: 'ratio',
  check: ok,
  outputs: () => ['value', 'numerator', 'denominator'],
  value({ counts: [first = 0, second = 0, all = 0] }) {
    if (all === 0) return [null, null, null];
    return [second === 0 ? null : first / second, first, second];
  },
};
