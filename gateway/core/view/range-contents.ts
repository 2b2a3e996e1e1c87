import type { WindowRow } from '#contracts/log/rows.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import { endOfTimeline, startsOf, type Timeline } from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';
import type { Steps } from '../steps.ts';
import { mergeBelow } from './merge-below.ts';
import { valueOfRow } from './row-value.ts';
import { type CellPlace, type Touched, touchedBy } from './touched.ts';
import { emptyCells, type ViewCells } from './view-cells.ts';
import { type RangeMove, ViewRange } from './view-range.ts';
import { elapsedOf, type ViewCell, type ViewWindow } from './view-window.ts';
import { type Fill, type FillTarget, fillInSteps, fillValues, type ValueSource } from './window-values.ts';
import { RecentReceipts, writeWindow } from './write-change.ts';

/**
 * What a view shows of its range: a function of the updates prefix. Every cell remembers the cursor offset as of which it last
 * changed. Windows that have ended below the cut are values; of those that the cut lies in, each cell has the merge of the panes
 * below it; what is above is merged from the hot states.
 */
export class RangeContents {
  readonly range: ViewRange;
  watermark: number | null = null;
  asOf: number | null = null;
  /** Highest mark of any change that a frame would carry; and of a change in a window. */
  changedAt = -1;
  windowsChangedAt = -1;
  /** Panes below it are merged. */
  cut = Number.NEGATIVE_INFINITY;
  readonly source: ValueSource;
  readonly #request: View;
  readonly #computing = new Map<ViewCell, Fill>();
  readonly #receipts = new RecentReceipts();
  #cells: ViewCells;
  /** As of when windows last came into the range, or left it. */
  boundsMark = -1;
  #entered: number[] = [];

  constructor(request: View, source: ValueSource) {
    this.source = source;
    this.#request = request;
    this.range = new ViewRange(request);
    this.#cells = this.#emptyCells();
  }

  /** Others after it was cleared. */
  get cells(): ViewCells {
    return this.#cells;
  }

  get timeline(): Timeline | null {
    return this.range.timeline;
  }

  /** Computes the values that a window lacks. */
  fill(window: ViewWindow): void {
    fillValues(this.source, this.#targetOf(window));
  }

  /**
   * Moves the range up to a time, never back. `mark`: the cursor offset as of which it did. Where its windows are `replaced`, nothing
   * is left of its contents, and they are to be read again.
   */
  advance(reach: number, mark: number): RangeMove {
    const { timeline: before } = this.range;
    const move = this.range.moveTo(reach);
    if (move === 'still') return move;
    this.changedAt = mark;
    this.boundsMark = mark;
    if (move === 'replaced') return move;
    if (this.range.overlaps)
      for (const start of startsOf(this.range.timeline!)) if (start > before!.last) this.#entered.push(start);
    for (const window of this.#cells.windows.values()) {
      const wasShown = window.start <= before!.last;
      if (window.start < this.range.start) this.#cells.remove(window, { mark, wasShown });
      else if (!wasShown && this.range.holds(window.start)) this.#enter(window, mark);
    }
    return move;
  }

  /** Forgets everything, to be read again: the windows are others, or the groups. */
  clear(): void {
    this.#entered = [];
    this.#computing.clear();
    this.#cells = this.#emptyCells();
  }

  /** Returns, once, the starts of windows that have come into the range and share panes with others: nothing of them is held yet. */
  takeEntered(): number[] {
    const entered = this.#entered;
    this.#entered = [];
    return entered.filter((start) => this.range.holds(start));
  }

  /** Begins such a window, as of `mark`; its panes are touched next. */
  begin(start: number, mark: number): void {
    this.#enter(this.#windowAt(start), mark);
  }

  /** As `touch`, in one window of those that hold the cell. */
  touchIn(start: number, cell: CellPlace, mark: number): void {
    const touched = touchedBy(cell, this.source.projection);
    if (touched !== null) this.#touchWindow(start, { ...touched, mark, received: null });
  }

  /** Sets how far its contents are. That changes values of open windows which depend on how much has passed of them, as of `mark`. */
  stamp(now: Pick<RangeContents, 'asOf' | 'watermark'>, mark: number): void {
    const { aggregate, metric } = this.source;
    const open = aggregate.perSecond || aggregate.ahead ? [...this.#cells.open] : [];
    const step = aggregate.ahead ? metric.pane : 1;
    const before = open.map((window) => Math.ceil(elapsedOf(this, window) / step));
    Object.assign(this, now);
    for (const [i, window] of open.entries()) {
      const passed = Math.ceil(elapsedOf(this, window) / step);
      if (passed === before[i]) continue;
      // While it was not known how much has passed, all panes were merged.
      const from = aggregate.ahead && passed < before[i]! ? window.start : Infinity;
      for (const cell of window.cells.values()) {
        cell.mark = mark;
        this.#invalidate(cell, from);
      }
      this.#change(window, mark);
    }
  }

  /** Marks a cell of the metric as changed as of `mark`. */
  touch(cell: CellPlace, mark: number, received: number | null): void {
    // Without a range nothing is kept: the view is filled again when the range is known.
    const starts = this.range.windowsHolding(cell.pane);
    const touched = starts.length === 0 ? null : touchedBy(cell, this.source.projection);
    if (touched === null) return;
    for (const start of starts) this.#touchWindow(start, { ...touched, mark, received });
  }

  /** Replaces a window below the cut by what the Store has; changed as of `mark` where the two differ. */
  put(
    { window: start, group, other, filled, state }: WindowRow,
    { mark, form }: { mark: number; form: 'state' | 'reduced' },
  ): void {
    if (this.range.timeline === null || start < this.range.start || start > this.range.timeline.limit) return;
    const window = this.#windowAt(start);
    if (other && window.other === null) {
      window.other = mark;
      this.#change(window, mark);
    }
    if (group === null) return;
    if (this.#isMerged(window)) {
      const { final, place } = this.#placeOf(window, group, mark);
      const { values, names } = valueOfRow(this.source, state, { form, elapsed: window.end - window.start });
      if (!final.set(place, values, names) && !filled) return;
      final.mark(place, mark);
    } else {
      const cell = this.#cell(window, group, mark);
      this.#cells.setBase(cell, state);
      this.#invalidate(cell, start);
      cell.mark = mark;
    }
    this.#change(window, mark);
  }

  /** Merges the panes below a cut, after which their hot states are not needed. What the view shows stays the same. */
  mergeBelow(cut: number): Steps {
    const contents = this;
    return mergeBelow(
      {
        cells: this.#cells,
        range: this.range,
        source: this.source,
        targetOf: (window, elapsed) => this.#targetOf(window, elapsed),
        get cut() {
          return contents.cut;
        },
        set cut(below) {
          contents.cut = below;
        },
      },
      cut,
    );
  }

  /** Computes, in steps, the values that a frame since a cursor needs. */
  *compute(cursor = Number.NEGATIVE_INFINITY): Steps {
    for (const window of this.#cells.open) {
      if (window.mark <= cursor) continue;
      yield* fillInSteps(this.source, this.#targetOf(window));
      yield;
    }
  }

  /** Adds what changed since a cursor, in steps. `members`: the client gets all of them; `known`: it has seen no window from here on. */
  *write(change: FrameView, cursor: number, { members, known }: { members: boolean; known: number }): Steps {
    change.received = this.receivedSince(cursor);
    const { timeline } = this.range;
    if (timeline === null) return;
    if (timeline.windows.kind === 'calendar' && (members || this.boundsMark > cursor))
      change.bounds = [...startsOf(timeline), endOfTimeline(timeline)];
    const isUpToDate = known === Number.POSITIVE_INFINITY && cursor >= 0;
    for (const window of isUpToDate ? this.#cells.changedSince(cursor) : this.#cells.windowsOf(timeline)) {
      const since = window.start < known ? cursor : -2;
      if (window.mark <= since || !this.range.holds(window.start)) continue;
      this.fill(window);
      yield* writeWindow(change, window, since);
    }
  }

  /** Returns the oldest receipt after a cursor, epoch ms; null where there is none. */
  receivedSince(cursor: number): number | null {
    return this.#receipts.oldestSince(cursor);
  }

  /** Whether a window of the range changed since a cursor. */
  hasNewsFor(cursor: number): boolean {
    for (const { start } of this.#cells.changes.since(cursor)) if (this.range.holds(start)) return true;
    return false;
  }

  /** Whether a window ends below the cut: it holds values only. */
  #isMerged({ end }: ViewWindow): boolean {
    return end <= this.cut;
  }

  /** Drops what was computed from a pane of the cell, since the pane has changed. */
  #invalidate(cell: ViewCell, pane: number): void {
    cell.values = null;
    this.#computing.delete(cell);
    if (cell.warm !== null && pane < cell.warm.upTo) this.#cells.setWarm(cell, null);
  }

  #targetOf(window: ViewWindow, elapsed = elapsedOf(this, window)): FillTarget {
    return { cells: this.#cells, window, computing: this.#computing, elapsed, cut: () => this.cut };
  }

  #change(window: ViewWindow, mark: number): void {
    this.#cells.changes.note(window, mark);
    if (this.range.holds(window.start)) this.noteChange(mark);
  }

  /** Something that a frame would carry has changed in a window. */
  noteChange(mark: number): void {
    this.changedAt = mark;
    this.windowsChangedAt = mark;
  }

  #touchWindow(start: number, { group, other, pane, mark, received }: Touched): void {
    const window = this.#windowAt(start);
    this.#cells.changes.note(window, mark);
    if (other) window.other = mark;
    if (group !== null && this.#isMerged(window)) {
      const { final, place } = this.#placeOf(window, group, mark);
      final.mark(place, mark);
    } else if (group !== null) {
      const touched = this.#cell(window, group, mark);
      touched.mark = mark;
      this.#invalidate(touched, pane);
    }
    if (!this.range.holds(start)) {
      // Counted once the window is shown: the wait for the range is part of the way to the screen.
      if (received !== null) window.received = Math.min(window.received ?? received, received);
      return;
    }
    this.noteChange(mark);
    if (received !== null) this.#receipts.add(mark, received);
  }

  #emptyCells(): ViewCells {
    return emptyCells(this.#request, this.source);
  }

  #windowAt(start: number): ViewWindow {
    return this.#cells.window(start, (at) => this.range.endOf(at));
  }

  /** The place of a group in a window below the cut. */
  #placeOf(window: ViewWindow, group: string[], mark: number): ReturnType<ViewCells['place']> {
    if (window.cells.size > 0) {
      // All its panes are merged, and it waits to be closed.
      fillValues(this.source, this.#targetOf(window, window.end - window.start));
      this.#cells.seal(window);
    }
    return this.#cells.place(window, group, { mark, isShown: this.range.holds(window.start) });
  }

  #cell(window: ViewWindow, group: string[], mark: number): ViewCell {
    return this.#cells.cell(window, group, { mark, isShown: this.range.holds(window.start) });
  }

  #enter(window: ViewWindow, mark: number): void {
    window.entered = mark;
    this.#cells.changes.note(window, mark);
    this.windowsChangedAt = mark;
    if (window.received !== null) this.#receipts.add(mark, window.received);
    this.#cells.show(window, mark);
  }
}
