import type { Aggregate } from '#aggregates/aggregate.ts';
import type { Metric } from '#contracts/metric.ts';
import { HotSeries } from './hot-series.ts';
import type { Join } from './join.ts';
import type { LiveView } from './live-view.ts';
import type { Progress } from './progress.ts';

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

/** The oldest pane that a view needs. */
export function heldFrom(of: MetricViews): number {
  let from = Number.POSITIVE_INFINITY;
  for (const view of of.views) if (view.end > 0) from = Math.min(from, view.start);
  return from;
}

/** Gives views whose history is there their first contents, as of a cursor offset. */
export function fillViews(of: MetricViews, offset: number): void {
  for (const view of of.views) {
    if (view.floor !== null || isHeld(of, view)) continue;
    view.floor = offset;
    for (const [, cells] of of.hot.panes()) {
      for (const cell of cells.values()) view.touch(cell, offset, null);
    }
  }
}

/** What a view says of its age; it stands still while the view reads, and is unknown until the join is done. */
export function stampViews(of: MetricViews, join: Join, progress: Progress): void {
  for (const view of of.views) {
    if (isHeld(of, view)) continue;
    view.asOf = join.done ? progress.lowest('asOf') : null;
    view.watermark = progress.lowest('shown');
  }
}

/** Panes that no event can reach any more need no parts; not while a read may still bring older ones. */
export function foldPanes(of: MetricViews, progress: Progress): void {
  const watermark = progress.lowest('watermark');
  if (watermark === null || of.definition === null || of.reads.size > 0) return;
  const { metric, aggregate } = of.definition;
  of.hot.fold(aggregate, watermark - metric.lateness - metric.pane);
}
