import type { Aggregate } from '../aggregate.ts';
import { type CountState, count } from './count.ts';

/** Events per second of what has passed of the window. The state is `count`'s; only the reading differs. */
export const rate: Aggregate<CountState> = {
  ...count,
  name: 'rate',
  adds: 'groups',
  perSecond: true,
  value: (state, _call, window) => [state.count / (window / 1_000)],
};
