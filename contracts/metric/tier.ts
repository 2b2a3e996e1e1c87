import { HOUR, MINUTE } from '../text/duration.ts';

/** A coarser copy of a metric's panes, kept for longer; `size` is that of its panes, ms. */
export interface Tier {
  name: 'minute' | 'hour';
  size: number;
}

/** The finest first; each is a multiple of the one before it. */
export const TIERS: readonly Tier[] = [
  { name: 'minute', size: MINUTE },
  { name: 'hour', size: HOUR },
];

/** The tiers of a metric with panes of this size: those whose panes are larger, and made of whole ones. */
export const tiersOf = (pane: number, tiers: readonly Tier[] = TIERS): Tier[] =>
  tiers.filter(({ size }) => size > pane && size % pane === 0);
