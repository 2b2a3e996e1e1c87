import type { BackfilledUpdate, CellsUpdate, FactsUpdate } from '#contracts/log/update.ts';
import type { Fills } from './fills.ts';
import type { Join } from './join.ts';
import type { MetricTable } from './metric-table.ts';
import { heldFrom, type MetricViews, settleViews, stampView } from './metric-views.ts';
import type { Progress } from './progress.ts';
import type { Steps } from './steps.ts';
import type { LiveView } from './view/live-view.ts';
import type { WantedReads } from './wanted-reads.ts';

/** What a hub holds, as records of the updates topic change it. */
export interface Held {
  readonly progress: Progress;
  readonly join: Join;
  readonly fills: Fills;
  readonly metrics: MetricTable;
  readonly wanted: WantedReads;
  /** Views that have no contents yet. */
  readonly empty: Set<LiveView>;
  /** Views of which something has changed. */
  readonly changed: Set<LiveView>;
  /** Pieces of work between two turns of others. */
  readonly stride: number;
}

/** `mark`: the cursor offset behind the record. */
export function* applyCells(held: Held, update: CellsUpdate, mark: number): Steps {
  const of = held.metrics.take(update.metric, update.version);
  for (const row of update.cells) of.hot.put(row);
  let touched = 0;
  for (const view of of.views) {
    askLate(held, of, { view, rows: update.cells });
    if (view.floor === null && !view.filling) continue;
    // Newer or not: another gateway's client may hold what was before, at a cursor below this record.
    for (const row of update.cells) view.touch(row, mark, update.received);
    held.changed.add(view);
    touched += update.cells.length;
    if (touched < held.stride) continue;
    touched = 0;
    yield;
  }
}

/** Updates for what the view holds merged. The Store has them once they are committed, and they are read again then. */
function askLate(
  { progress, wanted }: Held,
  of: MetricViews,
  { view, rows }: { view: LiveView; rows: CellsUpdate['cells'] },
): void {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { pane, part, next } of rows) {
    if (pane >= view.cut || pane < view.start || next <= progress.committed(part)) continue;
    first = Math.min(first, pane);
    last = Math.max(last, pane);
  }
  if (first <= last) wanted.askLate(of, view, { first, last });
}

export function* applyFacts(held: Held, facts: FactsUpdate, mark: number): Steps {
  const { progress, join, metrics } = held;
  progress.apply(facts);
  // At once: what is given out from now on may be resumed from.
  if (join.complete(progress)) for (const of of metrics.all()) reread(held, of);
  const reach = progress.reach();
  for (const of of metrics.all()) {
    yield* of.hot.settle((part) => progress.committed(part));
    for (const view of of.views) {
      if (reach !== null) advance(held, of, { view, reach, mark });
      stampView(of, view, { join, progress, mark });
      yield;
    }
    yield* settleViews(of, progress);
    release(of);
    if (of.views.size === 0 && of.hot.size === 0 && of.reads.size === 0) metrics.drop(of);
  }
}

export function applyBackfilled({ fills, metrics, wanted }: Held, update: BackfilledUpdate): void {
  fills.apply(update);
  const of = metrics.get(update.metric, update.version);
  if (of !== undefined) wanted.askAgain(of);
}

/** Memory follows the views: nothing is held that none of them merges. */
export function release(of: MetricViews): void {
  const from = heldFrom(of);
  if (from <= of.hot.from) return;
  of.hot.hold(from);
  if (from === Number.POSITIVE_INFINITY) of.reads.clear();
}

/** The join's second read: the views start anew from it. */
function reread(held: Held, of: MetricViews): void {
  for (const view of of.views) emptyView(held, view);
  held.wanted.askAgain(of);
}

function emptyView({ empty }: Held, view: LiveView): void {
  view.floor = null;
  view.filling = false;
  empty.add(view);
}

function advance(
  held: Held,
  of: MetricViews,
  { view, reach, mark }: { view: LiveView; reach: number; mark: number },
): void {
  const rangeWasUnknown = view.end === 0;
  if (!view.advance(reach, mark)) return;
  held.changed.add(view);
  if (!rangeWasUnknown) return;
  emptyView(held, view);
  held.wanted.cover(of, view, held.progress);
}
