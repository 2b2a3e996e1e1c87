import type { Tier } from '#contracts/metric/tier.ts';

/** Panes of a tier, or the metric's own, that start below `before` go; of these parts, or of all. */
export interface PaneExpiry {
  metric: string;
  version: number;
  tier: Tier['name'] | 'pane';
  before: number;
  parts: readonly string[] | null;
}

export interface Expiry {
  panes: readonly PaneExpiry[];
  /** Versions of which everything goes: panes, tiers and marks. */
  gone: readonly { metric: string; version: number }[];
  /** Archived events received below it go, epoch ms. */
  eventsBefore: number;
}
