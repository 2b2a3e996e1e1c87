import type { Aggregate } from '#aggregates/aggregate.ts';
import type { Metric } from '#contracts/metric.ts';
import { HotSeries } from './hot-series.ts';
import type { LiveView } from './live-view.ts';

/** A read of pane rows that the core wants from the Store: panes in [from, to). */
export interface ReadRequest {
  id: number;
  metric: string;
  version: number;
  from: number;
  to: number;
}

/** One metric version: what is hot of it, the views on it, and the reads it waits for. */
export interface MetricViews {
  metric: string;
  version: number;
  hot: HotSeries;
  /** Known once there is a view. */
  definition: { metric: Metric; aggregate: Aggregate } | null;
  views: Set<LiveView>;
  reads: Map<number, ReadRequest>;
}

export const createMetricViews = (metric: string, version: number): MetricViews => ({
  metric,
  version,
  hot: new HotSeries(),
  definition: null,
  views: new Set(),
  reads: new Map(),
});

/** While a view reads, its position stands still. */
export function isHeld(of: MetricViews, view: LiveView): boolean {
  for (const read of of.reads.values()) if (read.to > view.start) return true;
  return false;
}
