import type { Aggregate } from '#aggregates/aggregate.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import { HotSeries, type Needs } from './hot/hot-series.ts';
import type { Join } from './join.ts';
import type { Progress } from './progress.ts';
import type { Steps } from './steps.ts';
import type { LiveView } from './view/live-view.ts';

interface ReadOf {
  id: number;
  metric: string;
  version: number;
  /** Panes in [from, to). */
  from: number;
  to: number;
}

/** A read that the core wants from the Store: pane rows as they are, for what can still change. */
export interface PanesRead extends ReadOf {
  kind: 'panes';
}

/** The same merged by the Store into the windows of one view, for what is not expected to change. */
export interface WindowsRead extends ReadOf {
  kind: 'windows';
  view: LiveView;
  /** It finds nothing of use before that much is committed. */
  needs: Needs;
}

export type ReadRequest = PanesRead | WindowsRead;

/** One metric version: what is hot of it, the views on it, and the reads that all of them wait for. */
export interface MetricViews {
  metric: string;
  version: number;
  hot: HotSeries;
  /** Known once there is a view. */
  definition: { metric: Metric; aggregate: Aggregate } | null;
  views: Set<LiveView>;
  reads: Map<number, PanesRead>;
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
  if (view.reads.size > 0) return true;
  for (const read of of.reads.values()) if (read.to > view.start) return true;
  return false;
}

/** The oldest pane that a view needs in memory. */
export function heldFrom(of: MetricViews): number {
  let from = Number.POSITIVE_INFINITY;
  for (const view of of.views) if (view.end > 0) from = Math.min(from, Math.max(view.cut, view.start));
  return from;
}

/**
 * The pane from which on states are held, since they may still change: what no event is expected to reach any more, and is
 * in the Store, lies below. A partition that is idle is taken to be as far as the others; an event that belies that
 * has its window read again.
 */
export function settledPane({ definition }: MetricViews, progress: Progress): number {
  const settled = progress.lowest('settled');
  if (settled === null || definition === null) return Number.NEGATIVE_INFINITY;
  return floorTo(settled - definition.metric.lateness, definition.metric.pane);
}

/** Lets views take the panes that are settled by now into their windows, each as far as no read holds it. */
export function* settleViews(of: MetricViews, progress: Progress): Steps {
  const settled = settledPane(of, progress);
  for (const view of of.views) {
    if (view.floor !== null && view.cut < settled && !isHeld(of, view)) yield* view.settle(settled);
  }
}

/** What a view says of its age, as of `mark`; it stands still while the view reads, and is unknown until the join is done. */
export function stampView(
  of: MetricViews,
  view: LiveView,
  { join, progress, mark }: { join: Join; progress: Progress; mark: number },
): void {
  if (isHeld(of, view)) return;
  view.stamp({ asOf: join.done ? progress.lowest('asOf') : null, watermark: progress.lowest('shown') }, mark);
}
