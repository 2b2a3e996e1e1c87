import { OTHER } from '#contracts/dimension.ts';
import type { FrameView } from '#contracts/frame.ts';
import { floorTo } from '#contracts/pane.ts';
import type { View } from '#contracts/view.ts';
import type { HotCell } from './hot-cell.ts';
import { RecentReceipts } from './recent-receipts.ts';
import type { ViewSeries } from './view-series.ts';
import { createWindow, type ViewWindow } from './view-window.ts';
import { fillValues, type ValueSource } from './window-values.ts';

/**
 * The contents of one view, shared by all who ask for it: a function of the updates prefix. Every cell remembers the
 * cursor offset as of which it last changed, so one question, what changed since a cursor, answers live frames,
 * resume and slow clients alike.
 */
export class LiveView {
  readonly id: string;
  readonly version: number;
  readonly request: View;
  readonly source: ValueSource;
  start = 0;
  end = 0;
  watermark: number | null = null;
  asOf: number | null = null;
  /** The oldest cursor that `changesSince` can answer; null until the history has been read. */
  floor: number | null = null;
  /** Highest mark of anything a frame would carry. */
  changed = -1;
  readonly #windows = new Map<number, ViewWindow>();
  readonly #series = new Map<string, ViewSeries>();
  readonly #receipts = new RecentReceipts();
  readonly #named: boolean;
  #membersMark = -1;
  #numbers = 0;

  constructor(id: string, version: number, request: View, source: ValueSource) {
    this.id = id;
    this.version = version;
    this.request = request;
    this.source = source;
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
    for (const window of this.#windows.values()) {
      if (window.start < this.start) this.#leave(window, window.start < before, mark);
      else if (window.start >= before && window.start < end) this.#enter(window, mark);
    }
    this.changed = mark;
    return true;
  }

  /** A cell of the metric changed as of `mark`. */
  touch(cell: HotCell, mark: number, received: number | null): void {
    const start = floorTo(cell.pane, this.request.window);
    // Without a range nothing is kept: the view is filled anew when it is known.
    if (this.end === 0 || start < this.start) return;
    const admitted = this.source.projection.admits(cell.group);
    const other = this.#named && cell.group.includes(OTHER);
    if (!admitted && !other) return;
    const window = this.#window(start);
    window.mark = mark;
    if (other) window.other = mark;
    if (admitted) this.#touchSeries(window, cell, mark);
    if (start >= this.end) {
      // Told when it is shown: the wait for the range is a part of the way to the screen.
      if (received !== null) window.received = Math.min(window.received ?? received, received);
      return;
    }
    this.changed = mark;
    if (received !== null) this.#receipts.add(mark, received);
  }

  /** `known`: windows from here on the asker has never been told, whatever its cursor. */
  changesSince(
    cursor: number,
    members = this.#membersMark > cursor,
    known = Number.POSITIVE_INFINITY,
  ): FrameView {
    const change: FrameView = {
      ...this.#head(),
      received: this.#receipts.oldestSince(cursor),
      ...(members ? { members: this.#members() } : {}),
    };
    for (let start = this.start; start < this.end; start += this.request.window) {
      const window = this.#windows.get(start);
      const since = start < known ? cursor : -2;
      if (window !== undefined && window.mark > since) this.#write(change, window, since);
    }
    return change;
  }

  snapshot(): FrameView {
    return { ...this.changesSince(-2, true), snapshot: true, received: null };
  }

  #head(): FrameView {
    const { id: view, version, watermark, asOf, start, end } = this;
    const values = this.source.aggregate.outputs(this.source.metric.aggregate).map(() => []);
    return {
      view,
      version,
      received: null,
      watermark,
      asOf,
      start,
      end,
      windows: [],
      at: [],
      series: [],
      values,
      partial: [],
    };
  }

  #write(change: FrameView, window: ViewWindow, cursor: number): void {
    fillValues(this.source, window);
    const index = change.windows.push(window.start) - 1;
    if (window.other !== null) change.partial.push(window.start);
    for (const [series, cell] of window.cells) {
      if (cell.mark <= cursor && window.entered <= cursor) continue;
      change.at.push(index);
      change.series.push(series.series);
      for (const [i, value] of cell.values!.entries()) change.values[i]!.push(value);
    }
  }

  #window(start: number): ViewWindow {
    let window = this.#windows.get(start);
    if (window === undefined) {
      window = createWindow(start);
      this.#windows.set(start, window);
    }
    return window;
  }

  #touchSeries(window: ViewWindow, { group }: HotCell, mark: number): void {
    const key = this.source.projection.keyOf(group);
    let series = this.#series.get(key);
    if (series === undefined) {
      series = {
        key,
        series: this.#numbers++,
        group: this.source.projection.project(group),
        cells: 0,
        shown: 0,
      };
      this.#series.set(key, series);
    }
    const cell = window.cells.get(series);
    if (cell !== undefined) {
      cell.mark = mark;
      cell.values = null;
      return;
    }
    window.cells.set(series, { mark, values: null });
    series.cells++;
    if (window.start < this.end) this.#show(series, mark);
  }

  #show(series: ViewSeries, mark: number): void {
    if (series.shown++ === 0) this.#membersMark = mark;
  }

  #enter(window: ViewWindow, mark: number): void {
    window.entered = mark;
    window.mark = mark;
    if (window.received !== null) this.#receipts.add(mark, window.received);
    for (const series of window.cells.keys()) this.#show(series, mark);
  }

  #leave(window: ViewWindow, wasShown: boolean, mark: number): void {
    this.#windows.delete(window.start);
    for (const series of window.cells.keys()) {
      if (wasShown && --series.shown === 0) this.#membersMark = mark;
      if (--series.cells === 0) this.#series.delete(series.key);
    }
  }

  #members(): { series: number; group: string[] }[] {
    return [...this.#series.values()]
      .filter((s) => s.shown > 0)
      .map(({ series, group }) => ({ series, group }));
  }
}
