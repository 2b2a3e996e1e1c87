import type { Fault } from '#contracts/errors.ts';
import type { WindowRow } from '#contracts/log/rows.ts';
import { groupKey } from '#contracts/metric/dimension.ts';
import { type Filled, lackOf } from '#contracts/view/backfill-progress.ts';
import type { FrameView, Member } from '#contracts/view/frame.ts';
import type { Timeline } from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';
import { VIEW_BYTES } from '../hot/byte-estimates.ts';
import type { Steps } from '../steps.ts';
import { EarlierRange } from './earlier-range.ts';
import type { EarlierRead } from './earlier-read.ts';
import { RangeContents } from './range-contents.ts';
import { valueOfRow } from './row-value.ts';
import { othersGroup, type TopGroups } from './top-groups.ts';
import type { RangeMove, ViewRange } from './view-range.ts';
import type { ValueSource } from './window-values.ts';
import { emptyChange } from './write-change.ts';

/** A view as its readers have it: of a metric that is folded, or of one that is computed from others. */
export interface OpenView {
  readonly id: string;
  /** From its request and version: no two open views share it. */
  readonly key: string;
  readonly version: number;
  readonly request: View;
  /** The groups that are shown by themselves; null where all are. */
  readonly top: TopGroups | null;
  /** The views of folded metrics that it is made of: itself, or those of what it is computed from. */
  readonly parts: readonly LiveView[];
  /** Whether a metric is that of the view, or one that this is computed from. */
  isOf(metric: string): boolean;
  readonly range: ViewRange;
  readonly start: number;
  readonly end: number;
  readonly asOf: number | null;
  readonly watermark: number | null;
  /** The windows that it is compared with; null without, and while they are not known. */
  readonly earlierTimeline: Timeline | null;
  /** The oldest cursor that `changesSince` can answer; null until the history has been read. */
  readonly floor: number | null;
  readonly filled: Filled;
  /** Highest mark of any change that a frame would carry; and of a change in a window. */
  readonly changedAt: number;
  readonly windowsChangedAt: number;
  /** Estimated memory. */
  readonly bytes: number;
  /** Number of cells, in all windows; of groups; and of values in each cell. */
  readonly cells: number;
  readonly groups: number;
  readonly outputs: number;
  /** Whether it can answer once its parts can. */
  readonly isSettled: boolean;
  /** Whether it may answer the cursor of another gateway. */
  readonly isResumable: boolean;
  /** To be called before a frame is written: what it shows may follow from that of its parts. */
  prepare(): Steps;
  /** Computes, in steps, the values that a frame since a cursor needs. */
  compute(cursor?: number): Steps;
  /**
   * `isListed`: with the list of series, for a client that may know them by the numbers of another gateway; `known`: it has seen no
   * window from here on, whatever its cursor. In steps, between which the hub must not change.
   */
  changesSince(cursor: number, isListed?: boolean, known?: number): Steps<FrameView>;
  snapshot(): Steps<FrameView>;
  /** Whether a window of the range, or of the earlier one, changed since a cursor. */
  hasNewsFor(cursor: number): boolean;
}

/** A view that ended by itself. */
export type EndedView = { view: OpenView; fault: Fault };

export interface LiveViewOptions
  extends Pick<LiveView, 'id' | 'key' | 'version' | 'request' | 'source' | 'top'> {
  filled: () => Filled;
  /** From where on history is known, epoch ms. */
  begins: () => number | null;
  /** The view that is computed from this one and others; absent where it has readers of its own. */
  within?: OpenView;
}

/**
 * One view, shared by all of its readers: what it shows of its range, the range that it is compared with, and the reads that it waits
 * for. One query, what changed since a cursor, serves live frames, resume and slow clients alike.
 */
export class LiveView implements OpenView {
  readonly id: string;
  /** From its request and version: no two open views share it. */
  readonly key: string;
  readonly version: number;
  readonly request: View;
  readonly source: ValueSource;
  readonly contents: RangeContents;
  readonly parts = [this] as const;
  readonly isSettled = true;
  /** The view that readers have: itself, or the one that is computed from it. */
  readonly shownAs: OpenView;
  /** The groups that are shown by themselves; null where all are. */
  readonly top: TopGroups | null;
  /** The range that it is compared with; null without one. */
  readonly earlier: EarlierRange | null;
  /** A read of the values that groups are ranked by, that is under way; and of when the last ones were, epoch ms. */
  ranking: number | null = null;
  rankedAsOf: number | null = null;
  /** The read of the last window of the earlier range that is under way. */
  openRead: number | null = null;
  /** The oldest cursor that `changesSince` can answer; null until the history has been read. */
  floor: number | null = null;
  /** Reads of its windows that are under way. */
  readonly reads = new Set<number>();
  /** Its first contents are being computed; changes are applied to it already. */
  filling = false;
  /** Windows that have come into its range are given their panes: it gives out nothing meanwhile. */
  entering = false;
  /** Cursors below it were given out before it was last emptied. */
  lowestFloor = -1;
  /** How much back-filled history it contains when it can answer. */
  readonly #filled: () => Filled;
  readonly #begins: () => number | null;

  constructor({ id, key, version, request, source, top, filled, begins, within }: LiveViewOptions) {
    this.shownAs = within ?? this;
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
    this.contents = new RangeContents(request, source);
  }

  get range(): ViewRange {
    return this.contents.range;
  }

  isOf(metric: string): boolean {
    return this.request.metric === metric;
  }

  get start(): number {
    return this.range.start;
  }

  get end(): number {
    return this.range.end;
  }

  get asOf(): number | null {
    return this.contents.asOf;
  }

  get watermark(): number | null {
    return this.contents.watermark;
  }

  get changedAt(): number {
    return this.contents.changedAt;
  }

  get windowsChangedAt(): number {
    return this.contents.windowsChangedAt;
  }

  get earlierTimeline(): Timeline | null {
    return this.earlier?.timeline ?? null;
  }

  get filled(): Filled {
    return this.#filled();
  }

  /** From where on history is known, epoch ms; null where nothing is. */
  get begins(): number | null {
    return this.#begins();
  }

  /** The oldest pane that it needs in memory. */
  get neededFrom(): number {
    const { cut } = this.contents;
    if (this.range.timeline === null || this.range.limit <= cut) return Number.POSITIVE_INFINITY;
    return Math.max(cut, this.start);
  }

  /** Estimated memory. */
  get bytes(): number {
    return VIEW_BYTES + this.contents.cells.bytes + (this.earlier?.bytes ?? 0);
  }

  /** Number of cells, in all windows. */
  get cells(): number {
    return this.contents.cells.count + (this.earlier?.cells.count ?? 0);
  }

  /** Number of groups, in all windows; and of values in each cell. */
  get groups(): number {
    return this.contents.cells.series.size;
  }

  get outputs(): number {
    return this.source.aggregate.outputs(this.source.metric.aggregate).length;
  }

  /** Moves the range up to a time, as of `mark`. Where its windows are `replaced`, everything is to be read again. */
  advance(reach: number, mark: number): RangeMove {
    const move = this.contents.advance(reach, mark);
    if (move === 'replaced') this.clear();
    return move;
  }

  /** Forgets everything that it shows, to be read again: the windows are others, or the groups. */
  clear(): void {
    this.reads.clear();
    this.ranking = null;
    this.contents.clear();
    this.earlier?.reset();
  }

  /** Moves the earlier range along, as of `mark`; returns what is to be read for it. Not while the view reads. */
  followEarlier(asOf: number | null, mark: number): EarlierRead[] {
    const { timeline } = this.range;
    if (this.earlier === null || timeline === null) return [];
    const reads = this.earlier.follow(timeline, asOf, mark);
    if (this.earlier.changedAt >= mark) this.contents.noteChange(mark);
    return reads;
  }

  putEarlier(row: WindowRow, at: { mark: number; form: 'state' | 'reduced' }): void {
    this.earlier?.put(row, at);
    this.contents.noteChange(at.mark);
  }

  /** Adds a group to the ranking that is read. */
  rank({ group, state, window }: WindowRow, form: 'state' | 'reduced'): void {
    const { top } = this.request;
    if (group === null || top === null) return;
    const elapsed = Math.max(1_000, this.end - window);
    const by = this.source.aggregate.outputs(this.source.metric.aggregate).indexOf(top.by);
    this.top?.add({ group, value: valueOfRow(this.source, state, { form, elapsed }).values[by] ?? null });
  }

  /** Another gateway may show other groups. */
  get isResumable(): boolean {
    return this.top === null;
  }

  *prepare(): Steps {}

  compute(cursor?: number): Steps {
    return this.contents.compute(cursor);
  }

  *changesSince(cursor: number, isListed = false, known = Number.POSITIVE_INFINITY): Steps<FrameView> {
    const { id, version, watermark, asOf, start, end, source } = this;
    const members = isListed || this.contents.cells.membersMark > cursor;
    const { filled } = this;
    const change: FrameView = {
      ...emptyChange({ id, version, watermark, asOf, start, end, source }),
      ...(members || lackOf(filled) !== null ? { filled } : {}),
      begins: this.begins,
      ...(members ? { members: this.#members() } : {}),
      ...(members && this.top !== null ? { groups: this.top.count } : {}),
    };
    // A client that has not seen the newest windows may have seen others of the earlier range.
    if (this.earlier !== null) {
      const isWhole = cursor < -1 || known < this.end;
      change.compare = yield* this.earlier.changesSince(cursor, { isWhole, isListed });
    }
    yield* this.contents.write(change, cursor, { members, known });
    return change;
  }

  hasNewsFor(cursor: number): boolean {
    return this.contents.hasNewsFor(cursor) || (this.earlier !== null && this.earlier.changedAt > cursor);
  }

  *snapshot(): Steps<FrameView> {
    const change = yield* this.changesSince(-2, true);
    return { ...change, snapshot: true, received: null };
  }

  #members(): Member[] {
    const members = this.contents.cells.members();
    if (this.top === null) return members;
    const others = groupKey(othersGroup(this.request));
    return members.map((member) => (groupKey(member.group) === others ? { ...member, rest: true } : member));
  }
}
