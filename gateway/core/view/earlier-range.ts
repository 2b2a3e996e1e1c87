import type { WindowRow } from '#contracts/log/rows.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import {
  counterpartOf,
  endOfTimeline,
  hasSameWindows,
  startsOf,
  type Timeline,
} from '#contracts/view/timeline.ts';
import type { Compare, View } from '#contracts/view/view.ts';
import { endOf, startsHolding, stepBack } from '#contracts/view/windows.ts';
import { STATE_BYTES, stateBytes } from '../hot/byte-estimates.ts';
import type { Steps } from '../steps.ts';
import { type EarlierRead, listRead, panesOf } from './earlier-read.ts';
import { valueOfRow } from './row-value.ts';
import { emptyCells, type ViewCells } from './view-cells.ts';
import type { ViewCell, ViewWindow } from './view-window.ts';
import type { ValueSource } from './window-values.ts';
import { emptyChange, writeWindow } from './write-change.ts';

/** A rate over less time would show single events. */
const LEAST_ELAPSED_MS = 1_000;

const isSame = (a: Timeline | null, b: Timeline): boolean =>
  a !== null && hasSameWindows(a, b) && a.first === b.first && a.last === b.last;

interface Head {
  readonly id: string;
  readonly version: number;
  readonly request: View;
  readonly compare: Compare;
  readonly source: ValueSource;
}

/**
 * The earlier range that a view is compared with: all of it from the Store. Its last window shows as much as has passed of the
 * view's own last window, so that both are compared over the same time: the panes that are shown next are read ahead.
 */
export class EarlierRange {
  timeline: Timeline | null = null;
  /** Panes below it are shown in the last window. */
  clip = 0;
  /** Panes below it have been read. */
  aheadTo = 0;
  readonly #head: Head;
  /** The range that it was the counterpart of when it was last moved. */
  #now: Timeline | null = null;
  #cells: ViewCells;
  /** By pane: states of groups that are shown once the clip has passed. */
  readonly #ahead = new Map<number, WindowRow[]>();
  #aheadBytes = 0;
  /** Cursor offset as of which anything of it last changed. */
  changedAt = -1;

  constructor(head: Head) {
    this.#head = head;
    this.#cells = this.#emptyCells();
  }

  get bytes(): number {
    return this.#cells.bytes + this.#aheadBytes;
  }

  /** As of when windows last came or went, at the latest. */
  get boundsMark(): number {
    return this.changedAt;
  }

  /** Others after it was reset. */
  get cells(): ViewCells {
    return this.#cells;
  }

  /** Follows the range that is compared, complete up to `asOf`; returns the reads that this takes. Not while one is under way. */
  follow(now: Timeline, asOf: number | null, mark: number): EarlierRead[] {
    const { request, compare } = this.#head;
    const before = this.timeline;
    const next = before !== null && isSame(this.#now, now) ? before : counterpartOf(request, compare, now);
    this.#now = now;
    const isOther = before === null || !hasSameWindows(before, next) || next.first < before.first;
    if (isOther) this.reset();
    this.timeline = next;
    if (next.last < next.first) return [];
    const hasMoved = isOther || before.last !== next.last;
    if (hasMoved) {
      this.#dropAhead();
      this.#leave(next.first, mark);
      this.clip = next.last;
      this.aheadTo = next.last;
      this.changedAt = mark;
    }
    this.#moveClip(this.#clipOf(now, next, asOf), mark);
    const reads: EarlierRead[] = [];
    const closed = isOther ? next.first : Math.max(next.first, before.last);
    if (hasMoved && closed < next.last)
      reads.push(this.closedRead(closed, stepBack(next.windows, next.last, 1)));
    if (hasMoved) reads.push(this.openRead());
    else if (this.clip > this.aheadTo) reads.push(this.#nextRead());
    return reads;
  }

  closedRead(first: number, last: number): EarlierRead {
    const { windows } = this.timeline!;
    return { windows, first, last, to: endOf(windows, last), isOpen: false };
  }

  /** A read of the last window up to the clip, and of single panes from there on. */
  openRead(): EarlierRead {
    const { windows, last } = this.timeline!;
    const { metric, pace } = this.#head.source;
    const end = Math.min(endOf(windows, last), this.clip + pace.ahead * metric.pane);
    const bounds = this.clip > last ? [last] : [];
    this.aheadTo = end;
    this.#dropAhead();
    return listRead([...bounds, ...panesOf(this.clip, end, metric.pane)]);
  }

  /** A read of the panes that are shown next. */
  #nextRead(): EarlierRead {
    const { windows, last } = this.timeline!;
    const { metric, pace } = this.#head.source;
    const from = this.aheadTo;
    this.aheadTo = Math.min(endOf(windows, last), this.clip + pace.ahead * metric.pane);
    return listRead(panesOf(from, this.aheadTo, metric.pane));
  }

  /** Returns the reads that bring panes in [first, last] once more. */
  rereads(first: number, last: number): EarlierRead[] {
    const { timeline } = this;
    if (timeline === null || timeline.last < timeline.first) return [];
    const { windows } = timeline;
    const starts = [Math.max(first, timeline.first), Math.min(last, this.aheadTo - 1)].flatMap((pane) =>
      startsHolding(windows, pane).filter((start) => start >= timeline.first && start <= timeline.last),
    );
    if (starts.length === 0) return [];
    const [low, high] = [Math.min(...starts), Math.max(...starts)];
    const closed = high < timeline.last ? high : stepBack(windows, timeline.last, 1);
    return [
      ...(low < timeline.last ? [this.closedRead(low, closed)] : []),
      ...(high === timeline.last ? [this.openRead()] : []),
    ];
  }

  put(row: WindowRow, { mark, form }: { mark: number; form: 'state' | 'reduced' }): void {
    const { timeline } = this;
    if (timeline === null || row.window < timeline.first) return;
    // The first pane of a window that has just begun is ahead as well.
    if (row.window > timeline.last || (row.window === timeline.last && this.clip <= timeline.last)) {
      this.#keepAhead(row);
      return;
    }
    const window = this.#windowAt(row.window);
    if (row.other) window.other ??= mark;
    if (row.group === null) return;
    this.#cells.changes.note(window, mark);
    this.changedAt = mark;
    const elapsed = window.end - window.start;
    const { values, names } = valueOfRow(this.#head.source, row.state, { form, elapsed });
    if (row.window < timeline.last) {
      this.#cells.seal(window);
      const { final, place } = this.#cells.place(window, row.group, { mark, isShown: true });
      final.set(place, values, names);
      final.mark(place, mark);
      return;
    }
    const cell = this.#cell(window, row.group, mark);
    cell.mark = mark;
    this.#cells.setBase(cell, row.state);
    Object.assign(cell, { values, names });
  }

  /** Forgets everything: other groups are shown, or other windows. */
  reset(): void {
    this.#dropAhead();
    this.#cells = this.#emptyCells();
    this.timeline = null;
    this.aheadTo = 0;
  }

  /**
   * `isWhole`: everything, for a client that may have seen other windows. `isListed`: with the list of series, for one that may know
   * them by the numbers of another gateway. In steps, between which nothing may change.
   */
  *changesSince(
    cursor: number,
    { isWhole, isListed }: { isWhole: boolean; isListed: boolean },
  ): Steps<FrameView> {
    const since = isWhole ? -2 : cursor;
    const members = isWhole || isListed || this.#cells.membersMark > cursor;
    const { id, version, source } = this.#head;
    const { timeline } = this;
    const [start, end] = timeline === null ? [0, 0] : [timeline.first, endOfTimeline(timeline)];
    const change: FrameView = {
      ...emptyChange({
        id,
        version,
        watermark: null,
        asOf: timeline === null ? null : this.clip,
        start,
        end,
        source,
      }),
      ...(isWhole ? { snapshot: true } : {}),
      ...(members ? { members: this.#cells.members() } : {}),
    };
    if (timeline === null) return change;
    if (timeline.windows.kind === 'calendar' && (isWhole || this.changedAt > cursor))
      change.bounds = [...startsOf(timeline), end];
    for (const window of isWhole ? this.#cells.windowsOf(timeline) : this.#cells.changedSince(since)) {
      this.fill(window);
      yield* writeWindow(change, window, since);
    }
    return change;
  }

  /** Returns up to where the last window is shown: as much as has passed of the one that it is compared with. */
  #clipOf(now: Timeline, { windows, last }: Timeline, asOf: number | null): number {
    const elapsed = asOf === null ? 0 : Math.max(0, asOf - now.last);
    if (elapsed >= endOf(now.windows, now.last) - now.last) return endOf(windows, last);
    return Math.min(endOf(windows, last), last + floorTo(elapsed, this.#head.source.metric.pane));
  }

  #moveClip(clip: number, mark: number): void {
    const { pane } = this.#head.source.metric;
    this.clip = Math.max(this.clip, clip);
    for (const [at, rows] of [...this.#ahead].sort(([a], [b]) => a - b)) {
      if (at + pane > this.clip) return;
      this.#forgetAhead(at, rows);
      for (const row of rows) this.#merge(row, mark);
    }
  }

  #merge({ group, other, state }: WindowRow, mark: number): void {
    const { aggregate } = this.#head.source;
    const window = this.#windowAt(this.timeline!.last);
    this.#cells.changes.note(window, mark);
    this.changedAt = mark;
    if (other) window.other ??= mark;
    if (group === null) return;
    const cell = this.#cell(window, group, mark);
    const merged = cell.base === null ? aggregate.create() : aggregate.decode(cell.base);
    aggregate.merge(merged, aggregate.decode(state));
    this.#cells.setBase(cell, aggregate.encode(merged));
    cell.values = null;
    cell.mark = mark;
  }

  #keepAhead(row: WindowRow): void {
    const rows = this.#ahead.get(row.window);
    if (rows === undefined) this.#ahead.set(row.window, [row]);
    else rows.push(row);
    this.#aheadBytes += STATE_BYTES + stateBytes(row.state);
  }

  #forgetAhead(at: number, rows: readonly WindowRow[]): void {
    this.#ahead.delete(at);
    for (const { state } of rows) this.#aheadBytes -= STATE_BYTES + stateBytes(state);
  }

  #dropAhead(): void {
    for (const [at, rows] of this.#ahead) this.#forgetAhead(at, rows);
  }

  #leave(first: number, mark: number): void {
    for (const window of this.#cells.windows.values())
      if (window.start < first) this.#cells.remove(window, { mark, wasShown: true });
  }

  /** The states of the last window as values, of which a frame is made. */
  fill(window: ViewWindow): void {
    const elapsed = Math.max(LEAST_ELAPSED_MS, Math.min(window.end, this.clip) - window.start);
    for (const cell of window.cells.values()) {
      if (cell.base !== null)
        Object.assign(cell, valueOfRow(this.#head.source, cell.base, { form: 'state', elapsed }));
    }
  }

  #windowAt(start: number): ViewWindow {
    return this.#cells.window(start, (at) => endOf(this.timeline!.windows, at));
  }

  #cell(window: ViewWindow, group: string[], mark: number): ViewCell {
    return this.#cells.cell(window, group, { mark, isShown: true });
  }

  #emptyCells(): ViewCells {
    return emptyCells(this.#head.request, this.#head.source);
  }
}
