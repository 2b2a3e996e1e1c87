import type { BackfilledUpdate, CellsUpdate, FactsUpdate, Update } from '#contracts/log/update.ts';
import type { Join } from './join.ts';
import type { KnownBackfills } from './known-backfills.ts';
import type { MetricTable } from './metric-table.ts';
import { isReading, type MetricViews, mergeSettled, neededFrom, stampView } from './metric-views.ts';
import type { Progress } from './progress.ts';
import type { Steps } from './steps.ts';
import type { LiveView } from './view/live-view.ts';
import type { WantedReads } from './wanted-reads.ts';

/** What a hub holds, and what the records of the updates topic change. */
export interface HubState {
  readonly progress: Progress;
  readonly join: Join;
  readonly backfills: KnownBackfills;
  readonly metrics: MetricTable;
  readonly wanted: WantedReads;
  /** Views that have no contents yet. */
  readonly empty: Set<LiveView>;
  /** Views that have changed since they were last drained. */
  readonly changed: Set<LiveView>;
  /** Pieces of work between two yields. */
  readonly stride: number;
}

/** `mark`: the cursor offset after the record. */
export function* applyUpdate(state: HubState, update: Update, mark: number): Steps {
  if (update.kind === 'cells') yield* applyCells(state, update, mark);
  else if (update.kind === 'facts') yield* applyFacts(state, update, mark);
  else applyBackfilled(state, update);
}

function* applyCells(state: HubState, update: CellsUpdate, mark: number): Steps {
  const entry = state.metrics.getOrCreate(update.metric, update.version);
  for (const row of update.cells) entry.hot.put(row);
  let touched = 0;
  for (const view of entry.views) {
    requestLate(state, entry, { view, rows: update.cells });
    if (view.floor === null && !view.filling) continue;
    // Newer or not: a client of another gateway may hold the state before this one, at a cursor below this record.
    for (const row of update.cells) view.touch(row, mark, update.received);
    state.changed.add(view);
    touched += update.cells.length;
    if (touched < state.stride) continue;
    touched = 0;
    yield;
  }
}

/** Requests the windows that an update changes below the view's cut. The Store has the update once it is committed. */
function requestLate(
  { progress, wanted }: HubState,
  entry: MetricViews,
  { view, rows }: { view: LiveView; rows: CellsUpdate['cells'] },
): void {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { pane, part, next } of rows) {
    if (pane >= view.cut || pane < view.start || next <= progress.committed(part)) continue;
    first = Math.min(first, pane);
    last = Math.max(last, pane);
  }
  if (first <= last) wanted.requestLate(entry, view, { first, last });
}

function* applyFacts(state: HubState, facts: FactsUpdate, mark: number): Steps {
  const { progress, join, metrics } = state;
  progress.apply(facts);
  // In this step: cursors given out from now on may be resumed from.
  if (join.complete(progress)) for (const entry of metrics.all()) reread(state, entry);
  const reach = progress.reach();
  for (const entry of metrics.all()) {
    yield* entry.hot.evictCommitted((part) => progress.committed(part));
    for (const view of entry.views) {
      if (reach !== null) advance(state, entry, { view, reach, mark });
      stampView(entry, view, { join, progress, mark });
      yield;
    }
    yield* mergeSettled(entry, progress);
    dropUnneeded(entry);
    if (entry.views.size === 0 && entry.hot.size === 0 && entry.reads.size === 0) metrics.drop(entry);
  }
}

function applyBackfilled({ backfills, metrics, wanted }: HubState, update: BackfilledUpdate): void {
  backfills.apply(update);
  const entry = metrics.get(update.metric, update.version);
  if (entry !== undefined) wanted.requestAll(entry);
}

/** Drops the states that no view needs, so that memory follows the views. */
export function dropUnneeded(entry: MetricViews): void {
  const from = neededFrom(entry);
  if (from <= entry.hot.from) return;
  entry.hot.keepFrom(from);
  if (from === Number.POSITIVE_INFINITY) entry.reads.clear();
}

/** Starts the join's second read: all views are filled again from it. */
function reread(state: HubState, entry: MetricViews): void {
  for (const view of entry.views) emptyView(state, view);
  state.wanted.requestAll(entry);
}

function emptyView({ empty }: HubState, view: LiveView): void {
  view.floor = null;
  view.filling = false;
  empty.add(view);
}

function advance(
  state: HubState,
  entry: MetricViews,
  { view, reach, mark }: { view: LiveView; reach: number; mark: number },
): void {
  const rangeWasUnknown = view.end === 0;
  if (!view.advance(reach, mark)) return;
  state.changed.add(view);
  if (!rangeWasUnknown) return;
  emptyView(state, view);
  state.wanted.cover(entry, view, state.progress);
}

/** Whether `fillViews` has a view to give its first contents. */
export function hasFillable({ empty, metrics }: HubState): boolean {
  for (const view of empty) {
    const entry = metrics.get(view.request.metric, view.version);
    if (entry !== undefined && !isReading(entry, view)) return true;
  }
  return false;
}

/** Computes the first contents of views whose history was read, as of the cursor offset at the end of it. One runs at a time. */
export function* fillViews({ empty, metrics, changed, stride }: HubState, offset: () => number): Steps {
  for (const view of empty) {
    const entry = metrics.get(view.request.metric, view.version);
    if (entry === undefined || isReading(entry, view)) continue;
    view.filling = true;
    let touched = 0;
    for (const pane of entry.hot.panesOf(Math.max(view.cut, view.start), Number.POSITIVE_INFINITY)) {
      for (const cell of entry.hot.pane(pane)?.values() ?? []) {
        view.touch(cell, offset(), null);
        if (++touched % stride === 0) yield;
      }
    }
    yield* view.compute();
    changed.add(view);
    // Everything is read again meanwhile: the contents so far do not count.
    if (!view.filling) continue;
    view.filling = false;
    view.floor = offset();
    empty.delete(view);
  }
}
