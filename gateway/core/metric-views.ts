import type { Aggregate } from '#aggregates/aggregate.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { floorTo, settlingOf } from '#contracts/metric/pane.ts';
import { tiersOf } from '#contracts/metric/tier.ts';
import { minKnown } from '#contracts/min-known.ts';
import type { Windows } from '#contracts/view/windows.ts';
import { HotSeries, type Needs } from './hot/hot-series.ts';
import type { Join } from './join.ts';
import type { Progress } from './progress.ts';
import type { Steps } from './steps.ts';
import type { LiveView } from './view/live-view.ts';

interface Read {
  id: number;
  metric: string;
  version: number;
  /** Panes in [from, to). */
  from: number;
  to: number;
}

/** A read that the core wants from the Store: pane rows as they are, for what can still change. */
export interface PanesRead extends Read {
  kind: 'panes';
}

/** The same, merged by the Store into windows of one view, for what is not expected to change. */
export interface WindowsRead extends Read {
  kind: 'windows';
  view: LiveView;
  /** What they are for: the range itself, the earlier one that it is compared with, or which groups are shown. */
  target: 'range' | 'earlier' | 'ranking';
  windows: Windows;
  /** Starts of the first and the last window that are read. */
  first: number;
  last: number;
  /** What must be committed before the read finds it. */
  needs: Needs;
}

export type ReadRequest = PanesRead | WindowsRead;

/** One metric version: its hot states, its views, and the reads that all of them wait for. */
export interface MetricViews {
  metric: string;
  version: number;
  hot: HotSeries;
  /** Known once there is a view. */
  definition: { metric: Metric; aggregate: Aggregate } | null;
  views: Set<LiveView>;
  reads: Map<number, PanesRead>;
  /** From where on history is known; null until the Store was asked. */
  begin: HistoryBegin | null;
}

/** Epoch ms; null where there is nothing. */
export interface HistoryBegin {
  /** Start of the first pane. */
  first: number | null;
  /** Of the first event of any name: where the metric has none, it is known to have had none since then. */
  archive: number | null;
}

export const createMetricViews = (metric: string, version: number): MetricViews => ({
  metric,
  version,
  hot: new HotSeries(),
  definition: null,
  views: new Set(),
  reads: new Map(),
  begin: null,
});

/**
 * Returns from where on the history of a metric is known: its first event, within its retention. Windows that a coarser tier can
 * tell apart (`align`) reach as far back as that is kept.
 */
export function historyBegin(
  { begin, definition }: MetricViews,
  asOf: number | null,
  align: number,
): number | null {
  if (begin === null) return null;
  // Where nothing was ever received, it is known that nothing has happened.
  const known = begin.first ?? begin.archive ?? 0;
  if (definition === null || asOf === null) return known;
  const { retention, pane } = definition.metric;
  const kept = tiersOf(pane)
    .filter(({ size }) => align % size === 0)
    .map(({ name }) => retention[name]);
  return Math.max(known, asOf - Math.max(retention.pane, ...kept));
}

/** Whether a read has been requested and has not ended. */
export function isUnderWay(entry: MetricViews, read: ReadRequest): boolean {
  if (read.kind === 'panes') return entry.reads.get(read.id) === read;
  return read.view.reads.has(read.id) || read.view.ranking === read.id;
}

/** To be called when a read has ended, or was given up. */
export function endRead(entry: MetricViews, read: ReadRequest): void {
  if (read.kind === 'panes') {
    entry.reads.delete(read.id);
    return;
  }
  read.view.reads.delete(read.id);
  if (read.view.ranking === read.id) read.view.ranking = null;
}

/** Notes where history begins, as the Store says; what is in memory may be older than all that is stored. */
export function noteBegin(entry: MetricViews, { first, archive }: HistoryBegin): void {
  const [held = null] = entry.hot.panesOf(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const known = minKnown(entry.begin?.first ?? null, held);
  entry.begin = { first: minKnown(known, first), archive };
}

/** Whether a view waits for a read: its position does not advance meanwhile. */
export function isReading(entry: MetricViews, view: LiveView): boolean {
  if (view.reads.size > 0) return true;
  for (const read of entry.reads.values()) if (concerns(read, view)) return true;
  return false;
}

/** Whether a view has windows in the panes of a read. */
export const concerns = ({ from, to }: Read, { start, range }: LiveView): boolean =>
  to > start && from < range.limit;

/** Returns the oldest pane that a view needs in memory. */
export function neededFrom(entry: MetricViews): number {
  let from = Number.POSITIVE_INFINITY;
  for (const view of entry.views) from = Math.min(from, view.neededFrom);
  return from;
}

/**
 * Returns the pane from which on states are kept, since they may still change: panes below it are in the Store, and no event is
 * expected to reach them. An idle partition counts as far as the others; an event that comes after all has its window read again.
 */
export function settledPane({ definition }: MetricViews, progress: Pick<Progress, 'lowest'>): number {
  const settled = progress.lowest('settled');
  if (settled === null || definition === null) return Number.NEGATIVE_INFINITY;
  return floorTo(settled - settlingOf(definition), definition.metric.pane);
}

/** Merges settled panes into the windows of views that wait for no read. */
export function* mergeSettled(entry: MetricViews, progress: Progress): Steps {
  const settled = settledPane(entry, progress);
  for (const view of entry.views) {
    if (view.floor !== null && view.contents.cut < settled && !isReading(entry, view))
      yield* view.contents.mergeBelow(settled);
  }
}

/** Updates the age that a view reports, as of `mark`; not while the view reads, and to null until the join is done. */
export function stampView(
  entry: MetricViews,
  view: LiveView,
  { join, progress, mark }: { join: Join; progress: Progress; mark: number },
): void {
  if (isReading(entry, view)) return;
  view.contents.stamp(
    { asOf: join.done ? progress.lowest('asOf') : null, watermark: progress.lowest('shown') },
    mark,
  );
}
