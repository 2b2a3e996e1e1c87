import { TIERS } from '#contracts/metric/tier.ts';
import type { TierSpan } from './tier-spans.ts';

/** Resolves with the first pane of a metric version, in a tier or its own panes, that starts before a time; null without one. */
export type FirstBefore = (tier: TierSpan['tier'], before: number) => Promise<number | null>;

/**
 * Resolves with where history begins, null without panes. A coarse pane begins before the first finer one in it, so that one counts,
 * as long as it is kept: of finer panes, of which there are many, only the oldest are looked at.
 */
export async function firstPane(firstBefore: FirstBefore): Promise<number | null> {
  let begin: number | null = null;
  let before = Number.MAX_SAFE_INTEGER;
  for (const { name, size } of TIERS.toReversed()) {
    const coarse = await firstBefore(name, before);
    if (coarse === null) continue;
    begin = coarse;
    before = coarse + size;
  }
  return (await firstBefore('pane', before)) ?? begin;
}
