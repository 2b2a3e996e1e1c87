import type { Fault } from '#contracts/errors.ts';
import type { WindowRow } from '#contracts/log/rows.ts';
import { OTHER } from '#contracts/metric/dimension.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import { type Filled, lackOf } from '#contracts/view/backfill-progress.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import type { View } from '#contracts/view/view.ts';
import { VIEW_BYTES } from '../hot/byte-estimates.ts';
import { type HotCell, mergeCell } from '../hot/hot-cell.ts';
import type { Steps } from '../steps.ts';
import { ViewCells } from './view-cells.ts';
import { elapsedOf, type ViewCell, type ViewWindow } from './view-window.ts';
import { type Fill, type FillTarget, fillInSteps, fillValues, type ValueSource } from './window-values.ts';
import { emptyChange, RecentReceipts, writeWindow } from './write-change.ts';

/** A view that ended by itself. */
export type EndedView = { view: LiveView; fault: Fault };

export interface LiveViewOptions extends Pick<LiveView, 'id' | 'key' | 'version' | 'request' | 'source'> {
  filled: () => Filled;
}

/**
 * The contents of one view, shared by all of its readers: a function of the updates prefix. Every cell remembers the
 * cursor offset as of which it last changed, so one query, what changed since a cursor, serves live frames,
 * resume and slow clients alike. Windows that have ended below the cut are values; of the one that the cut lies in, each
 * cell has the merge of the panes below it; what is above is merged from the hot states.
 */
export class LiveView {
  readonly id: string;
  /** From its request and version: no two open views share it. */
  readonly key: string;
  readonly version: number;
  readonly request: View;
  readonly source: ValueSource;
  start = 0;
  end = 0;
  watermark: number | null = null;
  asOf: number | null = null;
  /** The oldest cursor that `changesSince` can answer; null until the history has been read. */
  floor: number | null = null;
  /** Highest mark of any change that a frame would carry; and of a change in a window. */
  changedAt = -1;
  windowsChangedAt = -1;
  /** Panes below it are merged. */
  cut = Number.NEGATIVE_INFINITY;
  /** Reads of its windows that are under way. */
  readonly reads = new Set<number>();
  /** Its first contents are being computed; changes are applied to it already. */
  filling = false;
  readonly #cells: ViewCells;
  readonly #computing = new Map<ViewCell, Fill>();
  readonly #receipts = new RecentReceipts();
  readonly #namesGroups: boolean;
  /** How much back-filled history it contains when it can answer. */
  readonly #filled: () => Filled;

  constructor({ id, key, version, request, source, filled }: LiveViewOptions) {
    this.id = id;
    this.key = key;
    this.version = version;
    this.request = request;
    this.source = source;
    this.#filled = filled;
    this.#cells = new ViewCells(this.outputs);
    if (request.groupBy.length === 0) this.#cells.keep([]);
    this.#namesGroups = request.groupBy.length > 0 || request.where.length > 0;
  }

  /** Moves the range up to a time, never back; returns whether it moved. `mark`: the cursor offset as of which it did. */
  advance(reach: number, mark: number): boolean {
    const size = this.request.window;
    const end = floorTo(reach, size) + size;
    if (end <= this.end) return false;
    const before = this.end;
    this.end = end;
    this.start = end - this.request.range;
    for (const window of this.#cells.windows.values()) {
      if (window.start < this.start) {
        this.#cells.remove(window, { mark, wasShown: window.start < before });
      } else if (window.start >= before && window.start < end) this.#enter(window, mark);
    }
    this.changedAt = mark;
    return true;
  }

  /** Sets how far its contents are. That changes rates per second in open windows, as of `mark`. */
  stamp(now: Pick<LiveView, 'asOf' | 'watermark'>, mark: number): void {
    const open = this.source.aggregate.perSecond ? [...this.#cells.windows.values()] : [];
    const before = open.map(({ start }) => elapsedOf(this, start));
    Object.assign(this, now);
    for (const [i, window] of open.entries()) {
      if (window.cells.size === 0 || elapsedOf(this, window.start) === before[i]) continue;
      for (const cell of window.cells.values()) {
        cell.mark = mark;
        this.#invalidate(cell, Infinity);
      }
      this.#change(window, mark);
    }
  }

  /** Estimated memory. */
  get bytes(): number {
    return VIEW_BYTES + this.#cells.bytes;
  }

  /** Number of cells, in all windows. */
  get cells(): number {
    return this.#cells.count;
  }

  /** Number of groups, in all windows; and of values in each cell. */
  get groups(): number {
    return this.#cells.series.size;
  }

  get outputs(): number {
    return this.source.aggregate.outputs(this.source.metric.aggregate).length;
  }

  windowOf(pane: number): number {
    return floorTo(pane, this.request.window);
  }

  /** Marks a cell of the metric as changed as of `mark`. */
  touch(cell: Pick<HotCell, 'pane' | 'group'>, mark: number, received: number | null): void {
    const start = this.windowOf(cell.pane);
    // Without a range nothing is kept: the view is filled again when the range is known.
    if (this.end === 0 || start < this.start) return;
    const matches = this.source.projection.matches(cell.group);
    const other = this.#namesGroups && cell.group.includes(OTHER);
    if (!matches && !other) return;
    const window = this.#cells.window(start);
    window.mark = mark;
    if (other) window.other = mark;
    if (matches) {
      const touched = this.#cell(window, this.source.projection.project(cell.group), mark);
      touched.mark = mark;
      if (!this.#isMerged(start)) this.#invalidate(touched, cell.pane);
    }
    if (start >= this.end) {
      // Counted once the window is shown: the wait for the range is part of the way to the screen.
      if (received !== null) window.received = Math.min(window.received ?? received, received);
      return;
    }
    this.changedAt = mark;
    this.windowsChangedAt = mark;
    if (received !== null) this.#receipts.add(mark, received);
  }

  /** Replaces a window below the cut by what the Store has; changed as of `mark` where the two differ. */
  put({ window: start, group, other, filled, state }: WindowRow, mark: number): void {
    if (this.end === 0 || start < this.start) return;
    const window = this.#cells.window(start);
    if (other && this.#namesGroups && window.other === null) {
      window.other = mark;
      this.#change(window, mark);
    }
    if (group === null) return;
    const cell = this.#cell(window, group, mark);
    const before = cell.values;
    if (this.#isMerged(start)) {
      const { aggregate, metric, size } = this.source;
      cell.values = aggregate.value(aggregate.decode(state), metric.aggregate, size);
      this.#computing.delete(cell);
      const isSame = before !== null && cell.values.every((value, i) => value === before[i]);
      if (isSame && !filled) return;
    } else {
      this.#cells.setBase(cell, state);
      this.#invalidate(cell, start);
    }
    cell.mark = mark;
    this.#change(window, mark);
  }

  /** Merges the panes below a cut, after which their hot states are not needed. What the view shows stays the same. */
  *mergeBelow(cut: number): Steps {
    const size = this.request.window;
    const ended = [...this.#cells.windows.values()].filter(
      (w) => w.start + size <= cut && w.start + size > this.cut,
    );
    for (const window of ended.sort((a, b) => a.start - b.start)) {
      const target = this.#targetOf(window, size);
      yield* fillInSteps(this.source, target);
      // In this step, for what changed since: nothing can change before it is merged.
      fillValues(this.source, target);
      for (const cell of window.cells.values()) {
        this.#cells.setBase(cell, null);
        this.#cells.setWarm(cell, null);
      }
      this.cut = window.start + size;
      yield;
    }
    const from = Math.max(this.cut, this.windowOf(cut));
    for (const pane of this.source.hot.panesOf(from, cut)) {
      this.#mergePane(pane);
      this.cut = pane + this.source.metric.pane;
      yield;
    }
    this.cut = cut;
  }

  /** Computes, in steps, the values that a frame since a cursor needs. */
  *compute(cursor = Number.NEGATIVE_INFINITY): Steps {
    for (const window of this.#cells.windows.values()) {
      if (window.mark <= cursor) continue;
      yield* fillInSteps(this.source, this.#targetOf(window));
      yield;
    }
  }

  /** `known`: the client has seen no window from here on, whatever its cursor. */
  changesSince(
    cursor: number,
    members = this.#cells.membersMark > cursor,
    known = Number.POSITIVE_INFINITY,
  ): FrameView {
    const filled = this.#filled();
    const change: FrameView = {
      ...emptyChange(this),
      received: this.#receipts.oldestSince(cursor),
      ...(members || lackOf(filled) !== null ? { filled } : {}),
      ...(members ? { members: this.#cells.members() } : {}),
    };
    for (let start = this.start; start < this.end; start += this.request.window) {
      const window = this.#cells.windows.get(start);
      const since = start < known ? cursor : -2;
      if (window !== undefined && window.mark > since) this.#write(change, window, since);
    }
    return change;
  }

  /** Whether a window of the range changed since a cursor. */
  hasNewsFor(cursor: number): boolean {
    for (const { start, mark } of this.#cells.windows.values()) {
      if (mark > cursor && start >= this.start && start < this.end) return true;
    }
    return false;
  }

  snapshot(): FrameView {
    return { ...this.changesSince(-2, true), snapshot: true, received: null };
  }

  #write(change: FrameView, window: ViewWindow, cursor: number): void {
    fillValues(this.source, this.#targetOf(window));
    writeWindow(change, window, cursor);
  }

  /** Whether a window ends below the cut: it holds values only. */
  #isMerged(start: number): boolean {
    return start + this.request.window <= this.cut;
  }

  /** Drops what was computed from a pane of the cell, since the pane has changed. */
  #invalidate(cell: ViewCell, pane: number): void {
    cell.values = null;
    this.#computing.delete(cell);
    if (cell.warm !== null && pane < cell.warm.upTo) this.#cells.setWarm(cell, null);
  }

  #targetOf(window: ViewWindow, elapsed = elapsedOf(this, window.start)): FillTarget {
    return { cells: this.#cells, window, computing: this.#computing, elapsed, cut: () => this.cut };
  }

  #change(window: ViewWindow, mark: number): void {
    window.mark = mark;
    if (window.start >= this.end) return;
    this.changedAt = mark;
    this.windowsChangedAt = mark;
  }

  #mergePane(pane: number): void {
    const { hot, aggregate, projection } = this.source;
    const window = this.#cells.windows.get(this.windowOf(pane));
    if (window === undefined) return;
    for (const cell of hot.pane(pane)?.values() ?? []) {
      const series = projection.matches(cell.group) && this.#cells.series.get(projection.keyOf(cell.group));
      const into = series ? window.cells.get(series) : undefined;
      if (into === undefined) continue;
      const merged = into.base === null ? aggregate.create() : aggregate.decode(into.base);
      mergeCell(aggregate, merged, cell);
      this.#cells.setBase(into, aggregate.encode(merged));
    }
  }

  #cell(window: ViewWindow, group: string[], mark: number): ViewCell {
    return this.#cells.cell(window, group, { mark, isShown: window.start < this.end });
  }

  #enter(window: ViewWindow, mark: number): void {
    window.entered = mark;
    window.mark = mark;
    this.windowsChangedAt = mark;
    if (window.received !== null) this.#receipts.add(mark, window.received);
    this.#cells.show(window, mark);
  }
}
