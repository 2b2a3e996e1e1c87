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
  /** How often groups are ranked again, ms of event time. */
  readonly rankEvery: number;
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
  noteFirst(entry, update.cells);
  let touched = 0;
  for (const view of entry.views) {
    requestLate(state, entry, { view, rows: update.cells });
    if (view.floor === null && !view.filling) continue;
    // Newer or not: a client of another gateway may hold the state before this one, at a cursor below this record.
    for (const row of update.cells) view.contents.touch(row, mark, update.received);
    state.changed.add(view);
    touched += update.cells.length;
    if (touched < state.stride) continue;
    touched = 0;
    yield;
  }
}

/** An event may be older than all before it. */
function noteFirst({ begin }: MetricViews, cells: CellsUpdate['cells']): void {
  if (begin === null) return;
  for (const { pane } of cells) begin.first = Math.min(begin.first ?? pane, pane);
}

/** Requests the windows that an update changes below the view's cut. The Store has the update once it is committed. */
function requestLate(
  { progress, wanted }: HubState,
  entry: MetricViews,
  { view, rows }: { view: LiveView; rows: CellsUpdate['cells'] },
): void {
  const isNew = ({ part, next }: CellsUpdate['cells'][number]) => next > progress.committed(part);
  const late = spanOf(rows, (row) => row.pane < view.contents.cut && row.pane >= view.start && isNew(row));
  if (late !== null) wanted.requestLate(entry, view, late);
  const { earlier } = view;
  if (earlier === null || earlier.timeline === null) return;
  const { first } = earlier.timeline;
  const changed = spanOf(rows, (row) => row.pane < earlier.aheadTo && row.pane >= first && isNew(row));
  if (changed !== null) wanted.requestEarlier(entry, view, earlier.rereads(changed.first, changed.last));
}

/** Returns the first and the last pane of the rows that count; null for none. */
function spanOf(
  rows: CellsUpdate['cells'],
  counts: (row: CellsUpdate['cells'][number]) => boolean,
): { first: number; last: number } | null {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    if (!counts(row)) continue;
    first = Math.min(first, row.pane);
    last = Math.max(last, row.pane);
  }
  return first <= last ? { first, last } : null;
}

function* applyFacts(state: HubState, facts: FactsUpdate, mark: number): Steps {
  const { progress, join, metrics } = state;
  progress.apply(facts);
  // In this step: cursors given out from now on may be resumed from.
  if (join.complete(progress)) for (const entry of metrics.all()) reread(state, entry, mark);
  const reach = progress.reach();
  for (const entry of metrics.all()) {
    yield* entry.hot.evictCommitted((part) => progress.committed(part));
    for (const view of entry.views) {
      if (reach !== null) yield* advance(state, entry, { view, reach, mark });
      followEarlier(state, entry, { view, mark });
      rankAgain(state, entry, view);
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
  if (entry === undefined) return;
  // What was filled in may be older than all before it.
  entry.begin = null;
  wanted.requestAll(entry);
}

/** Moves the range along that a view is compared with, unless the view reads: it shows nothing new then. */
export function followEarlier(
  { join, progress, wanted, changed }: HubState,
  entry: MetricViews,
  { view, mark }: { view: LiveView; mark: number },
): void {
  if (view.earlier === null || isReading(entry, view)) return;
  const reads = view.followEarlier(join.done ? progress.lowest('asOf') : null, mark);
  wanted.requestEarlier(entry, view, reads);
  changed.add(view);
}

function rankAgain({ progress, wanted, rankEvery }: HubState, entry: MetricViews, view: LiveView): void {
  if (view.top === null || view.start >= view.end) return;
  // A range that has just begun is ranked for the first time, and shown after that.
  if (view.top.members !== null && isReading(entry, view)) return;
  const asOf = progress.lowest('asOf');
  if (asOf === null || (view.rankedAsOf !== null && asOf < view.rankedAsOf + rankEvery)) return;
  view.rankedAsOf = asOf;
  wanted.requestRanking(view);
}

/** Shows the groups of a ranking that has been read, as of `mark`; they are read again where they are others than before. */
export function applyRanking(state: HubState, entry: MetricViews, view: LiveView, mark: number): void {
  view.ranking = null;
  if (view.top === null || !view.top.finish()) return;
  view.clear();
  emptyView(state, view, mark);
  state.wanted.cover(entry, view, state.progress);
}

/** Closes a view of a folded metric and drops what only it needed. */
export function closePart({ empty, changed }: HubState, entry: MetricViews, view: LiveView): void {
  empty.delete(view);
  changed.add(view);
  view.filling = false;
  view.reads.clear();
  entry.views.delete(view);
  dropUnneeded(entry);
}

/** Whether a view of a folded metric has all that it shows. */
export function isPartReady(metrics: MetricTable, view: LiveView): boolean {
  const entry = metrics.get(view.request.metric, view.version);
  return entry !== undefined && view.floor !== null && !view.entering && !isReading(entry, view);
}

/** Drops the states that no view needs, so that memory follows the views. */
function dropUnneeded(entry: MetricViews): void {
  const from = neededFrom(entry);
  if (from <= entry.hot.from) return;
  entry.hot.keepFrom(from);
  if (from === Number.POSITIVE_INFINITY) entry.reads.clear();
}

/** Starts the join's second read: all views are filled again from it. */
function reread(state: HubState, entry: MetricViews, mark: number): void {
  for (const view of entry.views) emptyView(state, view, mark);
  // What the first read did not find may be older than all that it found.
  entry.begin = null;
  state.wanted.requestAll(entry);
}

/** Clients below `mark` are given the whole contents once the view is filled again. */
function emptyView({ empty }: HubState, view: LiveView, mark: number): void {
  if (view.floor !== null) view.lowestFloor = mark;
  view.floor = null;
  view.filling = false;
  empty.add(view);
}

function* advance(
  state: HubState,
  entry: MetricViews,
  { view, reach, mark }: { view: LiveView; reach: number; mark: number },
): Steps {
  const move = view.advance(reach, mark);
  if (move === 'still') return;
  state.changed.add(view);
  if (move === 'replaced') {
    emptyView(state, view, mark);
    state.wanted.cover(entry, view, state.progress);
  } else yield* beginWindows(state, entry, { view, mark });
}

/** Begins windows that have come into the range and share panes with others: with their hot panes, and a read of what is below. */
function* beginWindows(
  { wanted, changed, stride }: HubState,
  entry: MetricViews,
  { view, mark }: { view: LiveView; mark: number },
): Steps {
  const entered = view.contents.takeEntered();
  if (entered.length === 0) return;
  wanted.requestWindows(entry, view, { first: entered[0]!, last: entered.at(-1)! });
  // A view without contents gets all hot panes when it is filled.
  if (view.floor === null && !view.filling) return;
  view.entering = true;
  let touched = 0;
  for (const start of entered) {
    view.contents.begin(start, mark);
    for (const pane of entry.hot.panesOf(Math.max(view.contents.cut, start), view.range.endOf(start))) {
      for (const cell of entry.hot.pane(pane)?.values() ?? []) {
        view.contents.touchIn(start, cell, mark);
        if (++touched % stride === 0) yield;
      }
    }
  }
  view.entering = false;
  changed.add(view);
}

/** Whether `fillViews` has a view to give its first contents. */
export function hasFillable({ empty, metrics }: HubState): boolean {
  for (const view of empty) {
    const entry = metrics.get(view.request.metric, view.version);
    if (entry !== undefined && !isReading(entry, view)) return true;
  }
  return false;
}

/** Computes the first contents of views whose history was read. One runs at a time. `mark`: the cursor offset as of which the states are. */
export function* fillViews({ empty, metrics, changed, stride }: HubState, mark: () => number): Steps {
  const markOf = ({ lowestFloor }: LiveView) => Math.max(lowestFloor, mark());
  for (const view of empty) {
    const entry = metrics.get(view.request.metric, view.version);
    if (entry === undefined || isReading(entry, view)) continue;
    view.filling = true;
    let touched = 0;
    for (const pane of entry.hot.panesOf(Math.max(view.contents.cut, view.start), Number.POSITIVE_INFINITY)) {
      for (const cell of entry.hot.pane(pane)?.values() ?? []) {
        view.contents.touch(cell, markOf(view), null);
        if (++touched % stride === 0) yield;
      }
    }
    yield* view.contents.compute();
    changed.add(view);
    // Everything is read again meanwhile: the contents so far do not count.
    if (!view.filling) continue;
    view.filling = false;
    view.floor = markOf(view);
    empty.delete(view);
  }
}
