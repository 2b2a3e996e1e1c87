import type { Fault } from '#contracts/errors.ts';
import type { WindowRow } from '#contracts/log/rows.ts';
import { groupKey, OTHER } from '#contracts/metric/dimension.ts';
import { type Filled, lackOf } from '#contracts/view/backfill-progress.ts';
import type { FrameView, Member } from '#contracts/view/frame.ts';
import { endOfTimeline, startsOf } from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';
import { openWindow } from '#contracts/view/windows.ts';
import { VIEW_BYTES } from '../hot/byte-estimates.ts';
import { type HotCell, mergeCell } from '../hot/hot-cell.ts';
import type { Steps } from '../steps.ts';
import { EarlierRange, type EarlierRead } from './earlier-range.ts';
import { valueOfRow } from './row-value.ts';
import { othersGroup, type TopGroups } from './top-groups.ts';
import { ViewCells } from './view-cells.ts';
import { type RangeMove, ViewRange } from './view-range.ts';
import { elapsedOf, type ViewCell, type ViewWindow } from './view-window.ts';
import { type Fill, type FillTarget, fillInSteps, fillValues, type ValueSource } from './window-values.ts';
import { emptyChange, RecentReceipts, writeWindow } from './write-change.ts';

/** A view that ended by itself. */
export type EndedView = { view: LiveView; fault: Fault };

/** What has changed in a window: `group` is the view's; null where only `__other__` took part. */
interface Touched {
  group: string[] | null;
  other: boolean;
  pane: number;
  mark: number;
  received: number | null;
}

export interface LiveViewOptions
  extends Pick<LiveView, 'id' | 'key' | 'version' | 'request' | 'source' | 'top'> {
  filled: () => Filled;
  /** From where on history is known, epoch ms. */
  begins: () => number | null;
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
  readonly range: ViewRange;
  /** The groups that are shown by themselves; null where all are. */
  readonly top: TopGroups | null;
  /** The range that it is compared with; null without one. */
  readonly earlier: EarlierRange | null;
  /** A read of the values that groups are ranked by, that is under way; and of when the last ones were, epoch ms. */
  ranking: number | null = null;
  rankedAsOf: number | null = null;
  /** The read of the last window of the earlier range that is under way. */
  openRead: number | null = null;
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
  #cells: ViewCells;
  #boundsMark = -1;
  #entered: number[] = [];
  readonly #computing = new Map<ViewCell, Fill>();
  readonly #receipts = new RecentReceipts();
  readonly #namesGroups: boolean;
  /** How much back-filled history it contains when it can answer. */
  readonly #filled: () => Filled;
  readonly #begins: () => number | null;

  constructor({ id, key, version, request, source, top, filled, begins }: LiveViewOptions) {
    this.id = id;
    this.key = key;
    this.version = version;
    this.request = request;
    this.source = source;
    this.#filled = filled;
    this.#begins = begins;
    this.top = top;
    const { compare } = request;
    this.earlier = compare === null ? null : new EarlierRange({ id, version, request, compare, source });
    this.range = new ViewRange(request);
    this.#cells = this.#emptyCells();
    this.#namesGroups = request.groupBy.length > 0 || request.where.length > 0;
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
    this.#boundsMark = mark;
    if (move === 'replaced') {
      this.clear();
      return move;
    }
    if (this.range.overlaps)
      for (const start of startsOf(this.range.timeline!)) if (start > before!.last) this.#entered.push(start);
    for (const window of this.#cells.windows.values()) {
      const wasShown = window.start <= before!.last;
      if (window.start < this.start) this.#cells.remove(window, { mark, wasShown });
      else if (!wasShown && this.range.holds(window.start)) this.#enter(window, mark);
    }
    return move;
  }

  /** Forgets everything that it shows, to be read again: the windows are others, or the groups. */
  clear(): void {
    this.reads.clear();
    this.ranking = null;
    this.#entered = [];
    this.#computing.clear();
    this.#cells = this.#emptyCells();
    this.earlier?.reset();
  }

  /** Moves the earlier range along, as of `mark`; returns what is to be read for it. Not while the view reads. */
  followEarlier(asOf: number | null, mark: number): EarlierRead[] {
    const { timeline } = this.range;
    if (this.earlier === null || timeline === null) return [];
    const reads = this.earlier.follow(timeline, asOf, mark);
    if (this.earlier.hasChangedSince(mark - 1)) this.#noteChange(mark);
    return reads;
  }

  putEarlier(row: WindowRow, at: { mark: number; form: 'state' | 'reduced' }): void {
    this.earlier?.put(row, at);
    this.#noteChange(at.mark);
  }

  /** Adds a group to the ranking that is read. */
  rank({ group, state, window }: WindowRow, form: 'state' | 'reduced'): void {
    const { top } = this.request;
    if (group === null || top === null) return;
    const elapsed = Math.max(1_000, this.end - window);
    const by = this.source.aggregate.outputs(this.source.metric.aggregate).indexOf(top.by);
    this.top?.add({ group, value: valueOfRow(this.source, state, { form, elapsed })[by] ?? null });
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
  touchIn(start: number, cell: Pick<HotCell, 'pane' | 'group'>, mark: number): void {
    const touched = this.#touchedBy(cell);
    if (touched !== null) this.#touchWindow(start, { ...touched, mark, received: null });
  }

  /** Sets how far its contents are. That changes rates per second in open windows, as of `mark`. */
  stamp(now: Pick<LiveView, 'asOf' | 'watermark'>, mark: number): void {
    const open = this.source.aggregate.perSecond ? [...this.#cells.windows.values()] : [];
    const before = open.map((window) => elapsedOf(this, window));
    Object.assign(this, now);
    for (const [i, window] of open.entries()) {
      if (window.cells.size === 0 || elapsedOf(this, window) === before[i]) continue;
      for (const cell of window.cells.values()) {
        cell.mark = mark;
        this.#invalidate(cell, Infinity);
      }
      this.#change(window, mark);
    }
  }

  get start(): number {
    return this.range.start;
  }

  get end(): number {
    return this.range.end;
  }

  /** The oldest pane that it needs in memory. */
  get neededFrom(): number {
    if (this.range.timeline === null || this.range.limit <= this.cut) return Number.POSITIVE_INFINITY;
    return Math.max(this.cut, this.start);
  }

  /** Estimated memory. */
  get bytes(): number {
    return VIEW_BYTES + this.#cells.bytes + (this.earlier?.bytes ?? 0);
  }

  /** Number of cells, in all windows. */
  get cells(): number {
    return this.#cells.count + (this.earlier?.cells ?? 0);
  }

  /** Number of groups, in all windows; and of values in each cell. */
  get groups(): number {
    return this.#cells.series.size;
  }

  get outputs(): number {
    return this.source.aggregate.outputs(this.source.metric.aggregate).length;
  }

  /** Marks a cell of the metric as changed as of `mark`. */
  touch(cell: Pick<HotCell, 'pane' | 'group'>, mark: number, received: number | null): void {
    // Without a range nothing is kept: the view is filled again when the range is known.
    const starts = this.range.windowsHolding(cell.pane);
    const touched = starts.length === 0 ? null : this.#touchedBy(cell);
    if (touched === null) return;
    for (const start of starts) this.#touchWindow(start, { ...touched, mark, received });
  }

  /** Replaces a window below the cut by what the Store has; changed as of `mark` where the two differ. */
  put(
    { window: start, group, other, filled, state }: WindowRow,
    { mark, form }: { mark: number; form: 'state' | 'reduced' },
  ): void {
    if (this.range.timeline === null || start < this.start || start > this.range.timeline.limit) return;
    const window = this.#windowAt(start);
    if (other && this.#namesGroups && window.other === null) {
      window.other = mark;
      this.#change(window, mark);
    }
    if (group === null) return;
    if (this.#isMerged(window)) {
      const { final, place } = this.#placeOf(window, group, mark);
      const values = valueOfRow(this.source, state, { form, elapsed: window.end - window.start });
      if (!final.set(place, values) && !filled) return;
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
  *mergeBelow(cut: number): Steps {
    const { timeline, overlaps } = this.range;
    const ended = [...this.#cells.windows.values()].filter((w) => w.end <= cut && w.end > this.cut);
    ended.sort((a, b) => a.end - b.end);
    // Windows that share panes with others end with what was merged into them pane by pane.
    if (!overlaps) yield* this.#closeInSteps(ended);
    const from =
      overlaps || timeline === null ? this.cut : Math.max(this.cut, openWindow(timeline.windows, cut));
    for (const pane of this.source.hot.panesOf(from, cut)) {
      this.#mergePane(pane);
      this.cut = pane + this.source.metric.pane;
      yield;
    }
    this.cut = cut;
    if (overlaps) yield* this.#closeInSteps(ended);
  }

  /** Gives ended windows their last values, in steps, and moves the cut behind each. */
  *#closeInSteps(ended: readonly ViewWindow[]): Steps {
    for (const window of ended) {
      const target = this.#targetOf(window, window.end - window.start);
      yield* fillInSteps(this.source, target);
      // In this step, for what changed since: nothing can change before it is merged.
      fillValues(this.source, target);
      this.#cells.seal(window);
      this.cut = Math.max(this.cut, window.end);
      yield;
    }
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
      begins: this.#begins(),
      ...(members ? { members: this.#members() } : {}),
      ...(members && this.top !== null ? { groups: this.top.count } : {}),
    };
    // A client that has not seen the newest windows may have seen others of the earlier range.
    if (this.earlier !== null)
      change.compare = this.earlier.changesSince(cursor, cursor < -1 || known < this.end);
    const { timeline } = this.range;
    if (timeline === null) return change;
    if (timeline.windows.kind === 'calendar' && (members || this.#boundsMark > cursor))
      change.bounds = [...startsOf(timeline), endOfTimeline(timeline)];
    for (const start of startsOf(timeline)) {
      const window = this.#cells.windows.get(start);
      const since = start < known ? cursor : -2;
      if (window !== undefined && window.mark > since) this.#write(change, window, since);
    }
    return change;
  }

  /** Whether a window of the range changed since a cursor. */
  hasNewsFor(cursor: number): boolean {
    for (const { start, mark } of this.#cells.windows.values()) {
      if (mark > cursor && this.range.holds(start)) return true;
    }
    return this.earlier?.hasChangedSince(cursor) ?? false;
  }

  snapshot(): FrameView {
    return { ...this.changesSince(-2, true), snapshot: true, received: null };
  }

  #write(change: FrameView, window: ViewWindow, cursor: number): void {
    fillValues(this.source, this.#targetOf(window));
    writeWindow(change, window, cursor);
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
    window.mark = mark;
    if (this.range.holds(window.start)) this.#noteChange(mark);
  }

  #noteChange(mark: number): void {
    this.changedAt = mark;
    this.windowsChangedAt = mark;
  }

  #members(): Member[] {
    if (this.top === null) return this.#cells.members();
    const others = groupKey(othersGroup(this.request));
    return this.#cells
      .members()
      .map((member) => (groupKey(member.group) === others ? { ...member, rest: true } : member));
  }

  #mergePane(pane: number): void {
    const { hot, aggregate, projection } = this.source;
    const windows = this.range.windowsHolding(pane).map((start) => this.#cells.windows.get(start));
    for (const cell of hot.pane(pane)?.values() ?? []) {
      const series = projection.matches(cell.group) && this.#cells.series.get(projection.keyOf(cell.group));
      if (!series) continue;
      for (const window of windows) {
        const into = window?.cells.get(series);
        if (into === undefined) continue;
        const merged = into.base === null ? aggregate.create() : aggregate.decode(into.base);
        mergeCell(aggregate, merged, cell);
        this.#cells.setBase(into, aggregate.encode(merged));
      }
    }
  }

  /** Returns what a cell of the metric changes here; null for nothing. */
  #touchedBy({
    pane,
    group,
  }: Pick<HotCell, 'pane' | 'group'>): Pick<Touched, 'pane' | 'group' | 'other'> | null {
    const { projection } = this.source;
    const other = this.#namesGroups && group.includes(OTHER);
    if (projection.matches(group)) return { pane, group: projection.project(group), other };
    return other ? { pane, group: null, other } : null;
  }

  #touchWindow(start: number, { group, other, pane, mark, received }: Touched): void {
    const window = this.#windowAt(start);
    window.mark = mark;
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
    this.#noteChange(mark);
    if (received !== null) this.#receipts.add(mark, received);
  }

  #emptyCells(): ViewCells {
    const cells = new ViewCells(this.outputs);
    if (this.request.groupBy.length === 0) cells.keep([]);
    return cells;
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
    window.mark = mark;
    this.windowsChangedAt = mark;
    if (window.received !== null) this.#receipts.add(mark, window.received);
    this.#cells.show(window, mark);
  }
}
