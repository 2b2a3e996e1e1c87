import { TIERS } from '#contracts/metric/tier.ts';
import type { TierSpan } from './tier-spans.ts';

/** The start of the first pane in a metric's own panes, or in a tier. */
export interface TierBegin {
  tier: TierSpan['tier'];
  pane: number;
}

/**
 * Returns where history begins, null without panes: a coarse pane begins before the first finer one in it, so that one counts,
 * as long as it is kept.
 */
export function firstPane(firsts: readonly TierBegin[]): number | null {
  const sizeOf = (tier: TierBegin['tier']) => TIERS.find(({ name }) => name === tier)?.size ?? 0;
  const coarsest = [...firsts].sort((a, b) => sizeOf(b.tier) - sizeOf(a.tier));
  let begin: TierBegin | null = null;
  for (const first of coarsest)
    if (begin === null || first.pane < begin.pane + sizeOf(begin.tier)) begin = first;
  return begin?.pane ?? null;
}
