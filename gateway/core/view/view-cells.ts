import { groupKey } from '#contracts/metric/dimension.ts';
import type { State } from '#contracts/metric/state.ts';
import type { Member } from '#contracts/view/frame.ts';
import { startsOf, type Timeline } from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';
import {
  NAME_BYTES,
  OPEN_WINDOW_BYTES,
  STATE_BYTES,
  seriesBytes,
  stateBytes,
  VIEW_CELL_BYTES,
  WINDOW_BYTES,
} from '../hot/byte-estimates.ts';
import { type CellShape, FinalCells } from './final-cells.ts';
import type { ValueRule } from './row-value.ts';
import type { ViewSeries } from './view-series.ts';
import { createWindow, NO_CELLS, type ViewCell, type ViewWindow } from './view-window.ts';
import { WindowChanges } from './window-changes.ts';

const baseBytes = (base: State | null): number => (base === null ? 0 : STATE_BYTES + stateBytes(base));

/** The windows of a view, the series that have cells in them, and the memory of both. */
export class ViewCells {
  readonly windows = new Map<number, ViewWindow>();
  /** Those that have cells: states, which may still change. */
  readonly open = new Set<ViewWindow>();
  readonly changes = new WindowChanges();
  readonly series = new Map<string, ViewSeries>();
  /** Number of cells, in all windows. */
  count = 0;
  /** Estimated memory. */
  bytes = 0;
  /** Cursor offset as of which the series that are shown last changed. */
  membersMark = -1;
  /** How often they have changed: two changes may have the same mark. */
  membersChanges = 0;
  readonly #shape: CellShape;
  readonly #cellBytes: number;
  readonly #byNumber = new Map<number, ViewSeries>();
  #numbers = 0;

  constructor(shape: CellShape) {
    this.#shape = shape;
    this.#cellBytes = VIEW_CELL_BYTES + 8 * shape.outputs + NAME_BYTES * shape.named;
  }

  window(start: number, endOf: (start: number) => number): ViewWindow {
    let window = this.windows.get(start);
    if (window === undefined) {
      window = createWindow(start, endOf(start));
      this.windows.set(start, window);
      this.bytes += WINDOW_BYTES;
    }
    return window;
  }

  /** Returns the windows that changed since a cursor, in the order of time. */
  changedSince(cursor: number): ViewWindow[] {
    return [...this.changes.since(cursor)].sort((a, b) => a.start - b.start);
  }

  /** Yields the windows of a timeline that it has, in the order of time. */
  *windowsOf(timeline: Timeline): Generator<ViewWindow, void> {
    for (const start of startsOf(timeline)) {
      const window = this.windows.get(start);
      if (window !== undefined) yield window;
    }
  }

  /** Gets or creates a cell. `mark`: as of which a new cell counts as changed, and a new series as shown. */
  cell(window: ViewWindow, group: string[], { mark, isShown }: { mark: number; isShown: boolean }): ViewCell {
    const series = this.#series(group);
    let cell = window.cells.get(series);
    if (cell === undefined) {
      cell = { mark, values: null, base: null, warm: null };
      this.#open(window);
      window.cells.set(series, cell);
      series.cells++;
      this.count++;
      this.bytes += this.#cellBytes;
      if (isShown) this.#show(series, mark);
    }
    return cell;
  }

  /** Returns the cell of a group in a window, whose values must have been computed; null where it has none. */
  read(window: ViewWindow, key: string): { mark: number; valueAt(output: number): number | null } | null {
    const series = this.series.get(key);
    if (series === undefined) return null;
    const cell = window.cells.get(series);
    const mark = (own: number) => Math.max(own, window.entered);
    if (cell !== undefined)
      return { mark: mark(cell.mark), valueAt: (output) => cell.values?.[output] ?? null };
    const { final } = window;
    const place = final?.find(series.series) ?? -1;
    if (final === null || place < 0) return null;
    return { mark: mark(final.markAt(place)), valueAt: (output) => final.valueAt(place, output) };
  }

  /** Replaces the cells of a window that is over by their values. */
  seal(window: ViewWindow): void {
    if (window.cells.size === 0) return;
    const final = this.#finalOf(window);
    for (const [series, cell] of window.cells) {
      const place = this.#resized(final, () => final.findOrAdd(series.series));
      final.set(place, cell.values ?? [], cell.names);
      final.mark(place, cell.mark);
      this.setBase(cell, null);
      this.setWarm(cell, null);
      this.bytes -= this.#cellBytes;
    }
    this.#close(window);
  }

  /** Gets or creates the place of a group in a window that is over; as `cell`. */
  place(
    window: ViewWindow,
    group: string[],
    { mark, isShown }: { mark: number; isShown: boolean },
  ): { final: FinalCells; place: number } {
    const series = this.#series(group);
    const final = this.#finalOf(window);
    const before = final.count;
    const place = this.#resized(final, () => final.findOrAdd(series.series));
    if (final.count === before) return { final, place };
    final.mark(place, mark);
    series.cells++;
    this.count++;
    if (isShown) this.#show(series, mark);
    return { final, place };
  }

  #open(window: ViewWindow): void {
    if (window.cells !== NO_CELLS) return;
    window.cells = new Map();
    this.open.add(window);
    this.bytes += OPEN_WINDOW_BYTES;
  }

  #close(window: ViewWindow): void {
    if (!this.open.delete(window)) return;
    window.cells = NO_CELLS;
    this.bytes -= OPEN_WINDOW_BYTES;
  }

  #finalOf(window: ViewWindow): FinalCells {
    if (window.final === null) {
      window.final = new FinalCells(this.#shape);
      this.bytes += window.final.bytes;
    }
    return window.final;
  }

  #resized<T>(final: FinalCells, add: () => T): T {
    const before = final.bytes;
    const added = add();
    this.bytes += final.bytes - before;
    return added;
  }

  /** Shows a series even without cells: an ungrouped view has its one series before anything happens. */
  keep(group: string[]): void {
    const series = this.#series(group);
    series.cells++;
    series.shown++;
  }

  #series(group: string[]): ViewSeries {
    const key = groupKey(group);
    let series = this.series.get(key);
    if (series === undefined) {
      series = { key, series: this.#numbers++, group, cells: 0, shown: 0 };
      this.series.set(key, series);
      this.#byNumber.set(series.series, series);
      this.bytes += seriesBytes(key);
    }
    return series;
  }

  setBase(cell: ViewCell, base: State | null): void {
    this.bytes += baseBytes(base) - baseBytes(cell.base);
    cell.base = base;
  }

  setWarm(cell: ViewCell, warm: ViewCell['warm']): void {
    this.bytes += baseBytes(warm?.state ?? null) - baseBytes(cell.warm?.state ?? null);
    cell.warm = warm;
  }

  /** To be called when a window enters the range. */
  show(window: ViewWindow, mark: number): void {
    for (const series of this.#seriesIn(window)) this.#show(series, mark);
  }

  *#seriesIn({ cells, final }: ViewWindow): Generator<ViewSeries, void> {
    yield* cells.keys();
    for (let place = 0; place < (final?.count ?? 0); place++)
      yield this.#byNumber.get(final!.seriesAt(place))!;
  }

  /** To be called when a window leaves the range. */
  remove(window: ViewWindow, { mark, wasShown }: { mark: number; wasShown: boolean }): void {
    this.windows.delete(window.start);
    this.changes.forget(window);
    this.bytes -= WINDOW_BYTES;
    this.bytes -= window.final?.bytes ?? 0;
    for (const cell of window.cells.values()) {
      this.setBase(cell, null);
      this.setWarm(cell, null);
      this.bytes -= this.#cellBytes;
    }
    const seriesIn = [...this.#seriesIn(window)];
    this.#close(window);
    for (const series of seriesIn) {
      this.count--;
      if (wasShown && --series.shown === 0) this.#noteMembers(mark);
      if (--series.cells > 0) continue;
      this.series.delete(series.key);
      this.#byNumber.delete(series.series);
      this.bytes -= seriesBytes(series.key);
    }
  }

  members(): Member[] {
    return [...this.series.values()]
      .filter((s) => s.shown > 0)
      .map(({ series, group }) => ({ series, group }));
  }

  #show(series: ViewSeries, mark: number): void {
    if (series.shown++ === 0) this.#noteMembers(mark);
  }

  #noteMembers(mark: number): void {
    this.membersMark = mark;
    this.membersChanges++;
  }
}

/** Returns the cells of a view before anything has come. */
export function emptyCells({ groupBy }: Pick<View, 'groupBy'>, { aggregate, metric }: ValueRule): ViewCells {
  const outputs = aggregate.outputs(metric.aggregate).length;
  const cells = new ViewCells({ outputs, named: aggregate.reduced?.names?.count(metric.aggregate) ?? 0 });
  if (groupBy.length === 0) cells.keep([]);
  return cells;
}
