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
import { passedOf } from './passed-of.ts';
import { RecentReceipts } from './recent-receipts.ts';
import { ViewCells } from './view-cells.ts';
import type { ViewCell, ViewWindow } from './view-window.ts';
import { type Fill, type FillTarget, fillInSteps, fillValues, type ValueSource } from './window-values.ts';
import { emptyChange, writeWindow } from './write-change.ts';

/** A view that ended by itself. */
export type EndedView = { view: LiveView; fault: Fault };

export interface LiveViewOptions extends Pick<LiveView, 'id' | 'key' | 'version' | 'request' | 'source'> {
  filled: () => Filled;
}

/**
 * The contents of one view, shared by all who ask for it: a function of the updates prefix. Every cell remembers the
 * cursor offset as of which it last changed, so one question, what changed since a cursor, answers live frames,
 * resume and slow clients alike. Windows that have ended below the cut are values; of the one that the cut lies in, each
 * cell has the merge of the panes below it; what is above is merged from the hot states.
 */
export class LiveView {
  readonly id: string;
  /** Of its request and version: no two open views have it. */
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
  /** Highest mark of anything a frame would carry, and of a change in a window. */
  changed = -1;
  news = -1;
  /** Panes below it are merged. */
  cut = Number.NEGATIVE_INFINITY;
  /** Its reads of windows that have not ended. */
  readonly reads = new Set<number>();
  /** Its first contents are being put together: it is told of changes already. */
  filling = false;
  readonly #held: ViewCells;
  readonly #computing = new Map<ViewCell, Fill>();
  readonly #receipts = new RecentReceipts();
  readonly #named: boolean;
  /** How much history it contains when it can answer. */
  readonly #filled: () => Filled;

  constructor({ id, key, version, request, source, filled }: LiveViewOptions) {
    this.id = id;
    this.key = key;
    this.version = version;
    this.request = request;
    this.source = source;
    this.#filled = filled;
    this.#held = new ViewCells(this.outputs);
    if (request.groupBy.length === 0) this.#held.keep([]);
    this.#named = request.groupBy.length > 0 || request.where.length > 0;
  }

  /** The range up to a time; it never moves back. `mark` is the cursor offset as of which it moved. */
  advance(reach: number, mark: number): boolean {
    const size = this.request.window;
    const end = floorTo(reach, size) + size;
    if (end <= this.end) return false;
    const before = this.end;
    this.end = end;
    this.start = end - this.request.range;
    for (const window of this.#held.windows.values()) {
      if (window.start < this.start) {
        this.#held.remove(window, { mark, wasShown: window.start < before });
      } else if (window.start >= before && window.start < end) this.#enter(window, mark);
    }
    this.changed = mark;
    return true;
  }

  /** Says how far its contents are. What is per second changes with that in windows that are open, as of `mark`. */
  stamp(now: Pick<LiveView, 'asOf' | 'watermark'>, mark: number): void {
    const open = this.source.aggregate.perSecond ? [...this.#held.windows.values()] : [];
    const before = open.map(({ start }) => passedOf(this, start));
    Object.assign(this, now);
    for (const [i, window] of open.entries()) {
      if (window.cells.size === 0 || passedOf(this, window.start) === before[i]) continue;
      for (const cell of window.cells.values()) {
        cell.mark = mark;
        this.#forget(cell, Infinity);
      }
      this.#change(window, mark);
    }
  }

  /** Estimate of its memory. */
  get bytes(): number {
    return VIEW_BYTES + this.#held.bytes;
  }

  /** Cells, in any window. */
  get cells(): number {
    return this.#held.count;
  }

  /** Groups that it has, in any window, and values of each cell. */
  get groups(): number {
    return this.#held.series.size;
  }

  get outputs(): number {
    return this.source.aggregate.outputs(this.source.metric.aggregate).length;
  }

  windowOf(pane: number): number {
    return floorTo(pane, this.request.window);
  }

  /** A cell of the metric changed as of `mark`. */
  touch(cell: Pick<HotCell, 'pane' | 'group'>, mark: number, received: number | null): void {
    const start = this.windowOf(cell.pane);
    // Without a range nothing is kept: the view is filled anew when it is known.
    if (this.end === 0 || start < this.start) return;
    const admitted = this.source.projection.admits(cell.group);
    const other = this.#named && cell.group.includes(OTHER);
    if (!admitted && !other) return;
    const window = this.#held.window(start);
    window.mark = mark;
    if (other) window.other = mark;
    if (admitted) {
      const touched = this.#cell(window, this.source.projection.project(cell.group), mark);
      touched.mark = mark;
      if (!this.#isMerged(start)) this.#forget(touched, cell.pane);
    }
    if (start >= this.end) {
      // Told when it is shown: the wait for the range is a part of the way to the screen.
      if (received !== null) window.received = Math.min(window.received ?? received, received);
      return;
    }
    this.changed = mark;
    this.news = mark;
    if (received !== null) this.#receipts.add(mark, received);
  }

  /** What the Store has of a window below the cut; changed as of `mark` if it is something else than before. */
  put({ window: start, group, other, filled, state }: WindowRow, mark: number): void {
    if (this.end === 0 || start < this.start) return;
    const window = this.#held.window(start);
    if (other && this.#named && window.other === null) {
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
      this.#held.setBase(cell, state);
      this.#forget(cell, start);
    }
    cell.mark = mark;
    this.#change(window, mark);
  }

  /** Takes the panes below a cut from the hot states, which are needed no longer then. What it shows stays the same. */
  *settle(cut: number): Steps {
    const size = this.request.window;
    const ended = [...this.#held.windows.values()].filter(
      (w) => w.start + size <= cut && w.start + size > this.cut,
    );
    for (const window of ended.sort((a, b) => a.start - b.start)) {
      const target = this.#targetOf(window, size);
      yield* fillInSteps(this.source, target);
      // What has changed meanwhile; nothing can until it is merged.
      fillValues(this.source, target);
      for (const cell of window.cells.values()) {
        this.#held.setBase(cell, null);
        this.#held.setWarm(cell, null);
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

  /** Computes what a frame of what has changed since a cursor would have to compute, in steps. */
  *compute(cursor = Number.NEGATIVE_INFINITY): Steps {
    for (const window of this.#held.windows.values()) {
      if (window.mark <= cursor) continue;
      yield* fillInSteps(this.source, this.#targetOf(window));
      yield;
    }
  }

  /** `known`: windows from here on the asker has never been told, whatever its cursor. */
  changesSince(
    cursor: number,
    members = this.#held.membersMark > cursor,
    known = Number.POSITIVE_INFINITY,
  ): FrameView {
    const filled = this.#filled();
    const change: FrameView = {
      ...emptyChange(this),
      received: this.#receipts.oldestSince(cursor),
      ...(members || lackOf(filled) !== null ? { filled } : {}),
      ...(members ? { members: this.#held.members() } : {}),
    };
    for (let start = this.start; start < this.end; start += this.request.window) {
      const window = this.#held.windows.get(start);
      const since = start < known ? cursor : -2;
      if (window !== undefined && window.mark > since) this.#write(change, window, since);
    }
    return change;
  }

  /** Whether a window of the range changed since a cursor. */
  hasNewsFor(cursor: number): boolean {
    for (const { start, mark } of this.#held.windows.values()) {
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

  /** Whether a window has ended below the cut: it is values and nothing else. */
  #isMerged(start: number): boolean {
    return start + this.request.window <= this.cut;
  }

  /** A pane of the cell is no longer what it was. */
  #forget(cell: ViewCell, pane: number): void {
    cell.values = null;
    this.#computing.delete(cell);
    if (cell.warm !== null && pane < cell.warm.upTo) this.#held.setWarm(cell, null);
  }

  #targetOf(window: ViewWindow, passed = passedOf(this, window.start)): FillTarget {
    return { held: this.#held, window, computing: this.#computing, passed, cut: () => this.cut };
  }

  #change(window: ViewWindow, mark: number): void {
    window.mark = mark;
    if (window.start >= this.end) return;
    this.changed = mark;
    this.news = mark;
  }

  #mergePane(pane: number): void {
    const { hot, aggregate, projection } = this.source;
    const window = this.#held.windows.get(this.windowOf(pane));
    if (window === undefined) return;
    for (const cell of hot.pane(pane)?.values() ?? []) {
      const series = projection.admits(cell.group) && this.#held.series.get(projection.keyOf(cell.group));
      const into = series ? window.cells.get(series) : undefined;
      if (into === undefined) continue;
      const merged = into.base === null ? aggregate.create() : aggregate.decode(into.base);
      mergeCell(aggregate, merged, cell);
      this.#held.setBase(into, aggregate.encode(merged));
    }
  }

  #cell(window: ViewWindow, group: string[], mark: number): ViewCell {
    return this.#held.cell(window, group, { mark, isShown: window.start < this.end });
  }

  #enter(window: ViewWindow, mark: number): void {
    window.entered = mark;
    window.mark = mark;
    this.news = mark;
    if (window.received !== null) this.#receipts.add(mark, window.received);
    this.#held.show(window, mark);
  }
}
