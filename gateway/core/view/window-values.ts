import type { Aggregate } from '#aggregates/aggregate.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import { mergeCell } from '../hot/hot-cell.ts';
import type { HotSeries } from '../hot/hot-series.ts';
import type { Cells } from '../hot/merged-blocks.ts';
import { finish, type Steps } from '../steps.ts';
import { valueOfState } from './row-value.ts';
import type { ViewCells } from './view-cells.ts';
import type { Projection } from './view-series.ts';
import type { ViewCell, ViewWindow } from './view-window.ts';

/** What the values of a view are computed from. */
export interface ValueSource {
  hot: HotSeries;
  metric: Metric;
  aggregate: Aggregate;
  projection: Projection;
  pace: FillPace;
}

export interface FillPace {
  /** Cells looked at between two yields. */
  stride: number;
  /** Panes of a window, beside the newest, that are merged again each time; the merge of more panes is kept. */
  few: number;
  /** Panes per block; all views share the merge of a block. */
  block: number;
  /** Panes of an earlier range that are read ahead of what is shown, so that one read serves for a while. */
  ahead: number;
}

export const FILL_PACE: FillPace = { stride: 1_000, few: 8, block: 64, ahead: 16 };

/** Where the values of a window go, and what may come between the steps of computing them. */
export interface FillTarget {
  cells: ViewCells;
  window: ViewWindow;
  /** Cells being computed: a change of a cell removes it, and the result so far is dropped. */
  computing: Map<ViewCell, Fill>;
  /** How much of the window has passed, ms; a cell is removed from `computing` where that changes its value. */
  elapsed: number;
  /** The view's cut now: panes below it may be gone. */
  cut(): number;
}

export interface Fill {
  cell: ViewCell;
  state: unknown;
  /** Panes from here on are to be merged. */
  from: number;
}

/** The number of newest panes of a window, which most events change. */
const FRESH = 2;
/** The cost of decoding or encoding a state, in cells looked at. */
const CODING_COST = 4;

/** Computes the missing values of a window's cells from what is kept merged and the hot panes above it. */
export function* fillInSteps(source: ValueSource, target: FillTarget): Steps {
  // A cut that moves removes panes that were still to be merged.
  while (!(yield* fillOnce(source, target)));
}

/** Does the same in one step. */
export function fillValues(source: ValueSource, target: FillTarget): void {
  finish(fillInSteps(source, target));
}

/** Returns false where the cut has moved meanwhile. */
function* fillOnce(source: ValueSource, target: FillTarget): Steps<boolean> {
  const { window, computing } = target;
  const { stride, few } = source.pace;
  const cut = target.cut();
  const wanted = yield* beginFills(source, target);
  if (target.cut() !== cut) return false;
  if (wanted.size === 0) return true;
  const end = endOfPanes(source, target);
  let first = end;
  for (const { from } of wanted.values()) first = Math.min(first, from);
  const panes = source.hot.panesOf(first, end);
  const fresh = panes.length > few + FRESH ? panes.at(-FRESH)! : null;
  let looked = 0;
  for (const { at, isBlock } of pieces(source, panes, { from: Math.max(window.start, cut), to: fresh })) {
    if (at === fresh) {
      yield* keepMerged(source, target, { wanted, upTo: at });
      if (target.cut() !== cut) return false;
    }
    if (isBlock) {
      looked += yield* mergeBlock(source, at, wanted);
      if (target.cut() !== cut) return false;
    } else looked += mergeCells(source, source.hot.pane(at), { at, wanted });
    if (looked < stride) continue;
    looked = 0;
    yield;
    if (target.cut() !== cut) return false;
  }
  for (const fill of wanted.values()) {
    const { cell, state } = fill;
    if (computing.get(cell) !== fill) continue;
    computing.delete(cell);
    Object.assign(cell, valueOfState(source, state, target.elapsed));
    if (++looked < stride) continue;
    looked = 0;
    yield;
    if (target.cut() !== cut) return false;
  }
  return true;
}

/** Where the panes end that count for the window. */
function endOfPanes(
  { aggregate: { ahead }, metric: { pane } }: ValueSource,
  { window: { start, end }, elapsed }: FillTarget,
): number {
  return ahead === true ? Math.min(end, start + Math.ceil(elapsed / pane) * pane) : end;
}

function* beginFills(
  { aggregate, pace }: ValueSource,
  { window, computing, cut }: FillTarget,
): Steps<Map<string, Fill>> {
  const wanted = new Map<string, Fill>();
  const lowest = Math.max(window.start, cut());
  let looked = 0;
  for (const [series, cell] of window.cells) {
    if (cell.values === null) {
      const warm = cell.warm !== null && cell.warm.upTo > lowest ? cell.warm : null;
      const kept = warm === null ? cell.base : warm.state;
      const state = aggregate.create();
      if (kept !== null) aggregate.merge(state, aggregate.decode(kept));
      const fill = { cell, state, from: warm?.upTo ?? lowest };
      wanted.set(series.key, fill);
      computing.set(cell, fill);
      looked += CODING_COST;
    }
    if (++looked < pace.stride) continue;
    looked = 0;
    yield;
  }
  return wanted;
}

/** Keeps the merge so far of cells that had many panes to merge. */
function* keepMerged(
  { aggregate, metric, pace }: ValueSource,
  { cells, computing }: FillTarget,
  { wanted, upTo }: { wanted: ReadonlyMap<string, Fill>; upTo: number },
): Steps {
  let kept = 0;
  for (const fill of wanted.values()) {
    const { cell, state, from } = fill;
    if (upTo - from <= pace.few * metric.pane || computing.get(cell) !== fill) continue;
    cells.setWarm(cell, { upTo, state: aggregate.encode(state) });
    kept += CODING_COST;
    if (kept < pace.stride) continue;
    kept = 0;
    yield;
  }
}

/** A pane, or a block of panes. */
interface Piece {
  at: number;
  isBlock: boolean;
}

/** Yields the panes from `from` on in ascending order; below `to` as whole blocks where that saves much. */
function* pieces(
  { metric, pace }: ValueSource,
  panes: readonly number[],
  { from, to }: { from: number; to: number | null },
): Generator<Piece> {
  const size = pace.block * metric.pane;
  for (let i = 0; i < panes.length; ) {
    const pane = panes[i]!;
    const start = floorTo(pane, size);
    let next = i;
    if (to !== null && start >= from && start + size <= to)
      while (next < panes.length && panes[next]! < start + size) next++;
    const isBlock = next - i > pace.few;
    yield { at: isBlock ? start : pane, isBlock };
    i = isBlock ? next : i + 1;
  }
}

/** Merges a block into cells that need all of it, and its panes one by one into cells that have some of them already. */
function* mergeBlock(source: ValueSource, start: number, wanted: ReadonlyMap<string, Fill>): Steps<number> {
  const { hot, aggregate, metric, pace } = source;
  const size = pace.block * metric.pane;
  const cellsOf = (pane: number): Cells | undefined => hot.pane(pane);
  const cells = yield* hot.merged.mergedCells(start, { cellsOf, aggregate, pane: metric.pane, size });
  let looked = mergeCells(source, cells, { at: start, wanted });
  const within = new Map([...wanted].filter(([, { from }]) => from > start && from < start + size));
  if (within.size === 0) return looked;
  for (let at = start; at < start + size; at += metric.pane)
    looked += mergeCells(source, hot.pane(at), { at, wanted: within });
  return looked;
}

/** Merges a pane or block into the cells that lack it; returns how many cells it has looked at. */
function mergeCells(
  { aggregate, projection }: ValueSource,
  cells: Cells | undefined,
  { at, wanted }: { at: number; wanted: ReadonlyMap<string, Fill> },
): number {
  if (cells === undefined) return 1;
  if (projection.whole) {
    for (const [key, { state, from }] of wanted) {
      const cell = from <= at ? cells.get(key) : undefined;
      if (cell !== undefined) mergeCell(aggregate, state, cell);
    }
    return 1 + wanted.size;
  }
  for (const cell of cells.values()) {
    if (!projection.matches(cell.group)) continue;
    const target = wanted.get(projection.keyOf(cell.group));
    if (target !== undefined && target.from <= at) mergeCell(aggregate, target.state, cell);
  }
  return 1 + cells.size;
}
