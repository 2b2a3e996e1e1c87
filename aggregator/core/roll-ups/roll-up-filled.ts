import type { Metric } from '#contracts/metric/metric.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import { type Tier, tiersOf } from '#contracts/metric/tier.ts';
import { CHUNK_ROWS, chunkOf, type RollUpSteps } from './roll-up-step.ts';

/** What a fill has written, under parts that nothing else writes. */
export interface Filled {
  metric: Metric;
  version: number;
  parts: string[];
  /** Panes that it has written are in [from, to); default: anywhere. */
  from?: number;
  to?: number;
  /** Default: those of every metric. */
  tiers?: readonly Tier[] | undefined;
}

/**
 * Rolls up the rows of a fill, after they are all in the Store and before it is announced (rule 5): whole coarse panes of
 * each tier, however far the marks are. A mark that comes later speaks of them as well.
 */
export function* rollUpFilled({ metric, version, parts, tiers: known, ...range }: Filled): RollUpSteps<void> {
  const tiers = tiersOf(metric.pane, known);
  const largest = tiers.at(-1)?.size;
  if (largest === undefined) return;
  const { from: begin = 0, to: end = Number.MAX_SAFE_INTEGER } = range;
  const rows = { metric: metric.id, version, tier: 'pane', rows: CHUNK_ROWS } as const;
  for (let from = begin; from < end; ) {
    const span = yield { step: 'span', ...rows, from, to: end };
    if (span === null) return;
    const at = chunkOf(span, largest, -floorTo(-end, largest));
    let source: Tier['name'] | 'pane' = 'pane';
    for (const tier of tiers) {
      yield { step: 'roll-up', rollUps: [{ metric, version, parts, tier, source, ...at }] };
      source = tier.name;
    }
    from = at.to;
  }
}
