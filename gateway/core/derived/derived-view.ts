import { minKnown } from '#contracts/min-known.ts';
import { type Filled, lackOf } from '#contracts/view/backfill-progress.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import { endOfTimeline, startsOf, type Timeline } from '#contracts/view/timeline.ts';
import type { Compare, View } from '#contracts/view/view.ts';
import { wholeOf } from '#contracts/view/whole-window.ts';
import { VIEW_BYTES } from '../hot/byte-estimates.ts';
import type { Steps } from '../steps.ts';
import type { LiveView, OpenView } from '../view/live-view.ts';
import { TopGroups } from '../view/top-groups.ts';
import type { ViewRange } from '../view/view-range.ts';
import { DerivedRange } from './derived-range.ts';
import type { ExpandedMetric, Leaf, Part } from './expand-derived.ts';
import { Input } from './input.ts';
import { beginOf } from './known-begin.ts';
import { leavesOf, PartViews } from './plan-parts.ts';

export interface DerivedViewOptions extends Pick<OpenView, 'id' | 'key' | 'version' | 'request'> {
  metric: ExpandedMetric;
  /** Opens a view of a part, which has no readers of its own. */
  openPart: (request: View, part: Part, within: { view: OpenView; key: string }) => LiveView;
  /** The cursor offset now. */
  position: () => number;
  /** How often groups are ranked again, ms of event time. */
  rankEvery: number;
}

/**
 * A view of a metric that is computed from others: it holds views of those, with the same windows, and computes its cells from
 * theirs when they are written. So it is a function of the updates because they are, and moves in the same frame.
 */
export class DerivedView implements OpenView {
  readonly id: string;
  readonly key: string;
  readonly version: number;
  readonly request: View;
  readonly metric: ExpandedMetric;
  readonly parts: LiveView[] = [];
  readonly top: TopGroups | null;
  readonly range: ViewRange;
  readonly outputs = 1;
  readonly #now: DerivedRange;
  readonly #earlier: DerivedRange | null;
  /** Has one window over the range, by whose values groups are ranked; null where all are shown. */
  readonly #ranking: DerivedRange | null;
  readonly #compared: LiveView;
  readonly #position: () => number;
  readonly #rankEvery: number;
  #rankedAsOf: number | null = null;
  /** Cursor offset as of which it was first written; and as of which other groups are shown. */
  #prepared: number | null = null;
  #rankedAt = -1;

  constructor({ id, key, version, request, metric, openPart, position, rankEvery }: DerivedViewOptions) {
    this.id = id;
    this.key = key;
    this.version = version;
    this.request = request;
    this.metric = metric;
    this.#position = position;
    this.#rankEvery = rankEvery;
    this.top = request.top === null ? null : new TopGroups(request.top);
    const plan = { parts: metric.parts, leaves: leavesOf(metric.expression) };
    const open = (of: View, part: Part): LiveView => {
      const view = openPart(of, part, { view: this, key: `${key} / ${this.parts.length}` });
      this.parts.push(view);
      return view;
    };
    const views = new PartViews(request, plan, open);
    this.#now = this.#rangeOf(views, plan.leaves, null);
    this.#earlier = request.compare === null ? null : this.#rangeOf(views, plan.leaves, request.compare);
    this.#compared = views.of({ part: 0, shift: 0 }, request.compare).view;
    this.range = this.#compared.range;
    const whole = { ...request, ...wholeOf(request, metric.pane), compare: null };
    this.#ranking =
      this.top === null ? null : this.#rangeOf(new PartViews(whole, plan, open), plan.leaves, null);
  }

  #rangeOf(views: PartViews, leaves: readonly Leaf[], compare: Compare | null): DerivedRange {
    const inputs = new Map<string, Input>();
    const ofLeaf = new Map<Leaf, Input>();
    const sideOf = (leaf: Pick<Leaf, 'part' | 'shift'>) => {
      const { view, isEarlier } = views.of(leaf, compare);
      return { view, side: isEarlier ? view.earlier! : view.contents };
    };
    for (const leaf of leaves) {
      const key = `${leaf.part} ${leaf.shift}`;
      const { view, side } = sideOf(leaf);
      const input = inputs.get(key) ?? new Input(view, side, this.request.groupBy);
      inputs.set(key, input);
      ofLeaf.set(leaf, input);
    }
    return new DerivedRange({
      expression: this.metric.expression,
      inputOf: (leaf) => ofLeaf.get(leaf)!,
      inputs: [...inputs.values()],
      main: sideOf({ part: 0, shift: 0 }).side,
      dimensions: this.request.groupBy.length,
    });
  }

  isOf(metric: string): boolean {
    return this.request.metric === metric || this.metric.uses.has(metric);
  }

  get start(): number {
    return this.range.start;
  }

  get end(): number {
    return this.range.end;
  }

  /** As far as all of its parts are. */
  get asOf(): number | null {
    return lowest(this.parts, ({ asOf }) => asOf);
  }

  get watermark(): number | null {
    return lowest(this.parts, ({ watermark }) => watermark);
  }

  get earlierTimeline(): Timeline | null {
    return this.request.compare === null ? null : this.#compared.earlierTimeline;
  }

  /** Whether all that it is computed from has begun: every earlier range is known, and the ranges are the same. */
  get isSettled(): boolean {
    const timelines = this.parts.map(({ range }) => range.timeline);
    if (timelines.includes(null)) return timelines.every((timeline) => timeline === null);
    return this.parts.every(({ earlier }) => earlier === null || earlier.timeline !== null);
  }

  /** Not resumed from before it was first written: nothing is known of what had changed until then. */
  get floor(): number | null {
    const floors = this.parts.map((part) => part.floor);
    const own = Math.max(this.#prepared ?? this.#position(), this.#rankedAt);
    return floors.reduce((a, b) => (a === null || b === null ? null : Math.max(a, b)), own);
  }

  get isResumable(): boolean {
    return this.top === null && this.#prepared !== null;
  }

  get filled(): Filled {
    const all = new Map(this.parts.map(({ request, filled }) => [request.metric, filled]));
    const sum: Filled = { done: 0, of: 0 };
    for (const { done, of, failing } of all.values()) {
      sum.done += done;
      sum.of += of;
      if (failing !== undefined) sum.failing ??= failing;
    }
    return sum;
  }

  get changedAt(): number {
    return Math.max(...this.parts.map((part) => part.changedAt));
  }

  get windowsChangedAt(): number {
    return Math.max(...this.parts.map((part) => part.windowsChangedAt));
  }

  get bytes(): number {
    const ranges = [this.#now, this.#earlier, this.#ranking];
    const series = ranges.reduce((sum, range) => sum + (range?.series.bytes ?? 0), 0);
    return this.parts.reduce((sum, { bytes }) => sum + bytes, VIEW_BYTES + series);
  }

  /** Those that it has, or the values of a part where they are more. */
  get cells(): number {
    const most = Math.max(...this.parts.map(({ cells, outputs }) => cells * outputs));
    return Math.max(most, this.range.count * this.groups * (this.#earlier === null ? 1 : 2));
  }

  get groups(): number {
    return Math.min(this.top?.limit ?? Infinity, this.#now.groups);
  }

  *compute(cursor?: number): Steps {
    // What one part lacks in a window that only another one has changed in is computed when it is read.
    for (const part of this.parts) yield* part.compute(cursor);
  }

  *prepare(): Steps {
    const mark = this.#position();
    yield* this.#rank(mark);
    yield* this.#now.prepare(mark + 1);
    if (this.#earlier !== null) yield* this.#earlier.prepare(mark + 1);
    this.#prepared ??= mark;
  }

  /** Ranks groups by their values over the range, as often as those of other views. */
  *#rank(mark: number): Steps {
    const { top, asOf } = this;
    if (top === null || this.#ranking === null) return;
    if (this.#rankedAsOf !== null && (asOf === null || asOf < this.#rankedAsOf + this.#rankEvery)) return;
    this.#rankedAsOf = asOf;
    yield* this.#ranking.prepare(mark + 1);
    top.begin();
    let ranked = 0;
    for (const one of this.#ranking.lastValues()) {
      top.add(one);
      if (++ranked % 1_000 === 0) yield;
    }
    if (!top.finish()) return;
    for (const range of [this.#now, this.#earlier]) range?.series.showOnly((group) => top.has(group));
    this.#rankedAt = mark;
  }

  *changesSince(cursor: number, isListed = false, known = Number.POSITIVE_INFINITY): Steps<FrameView> {
    yield* this.prepare();
    const { id, version, watermark, asOf, start, end, filled } = this;
    const members = isListed || this.#now.series.mark > cursor;
    const change: FrameView = {
      ...{ view: id, version, watermark, asOf, start, end },
      received: this.parts.reduce<number | null>(
        (oldest, { contents }) => minKnown(oldest, contents.receivedSince(cursor)),
        null,
      ),
      ...{ windows: [], at: [], series: [], values: [[]], partial: [] },
      ...(members || lackOf(filled) !== null ? { filled } : {}),
      begins: beginOf(this.metric.expression, (leaf) => this.#beginsOf(leaf)),
      ...(members ? { members: this.#now.series.members() } : {}),
      ...(members && this.top !== null ? { groups: this.top.count } : {}),
      ...boundsOf(this.range.timeline, members || this.#boundsMark > cursor),
    };
    if (this.#earlier !== null) {
      const isWhole = cursor < -1 || known < end;
      change.compare = yield* this.#compare(this.#earlier, cursor, { isWhole, isListed });
    }
    yield* this.#now.write(change, { cursor, known });
    return change;
  }

  *snapshot(): Steps<FrameView> {
    const change = yield* this.changesSince(-2, true);
    return { ...change, snapshot: true, received: null };
  }

  hasNewsFor(cursor: number): boolean {
    return this.parts.some((part) => part.hasNewsFor(cursor));
  }

  get #boundsMark(): number {
    return this.#compared.contents.boundsMark;
  }

  #beginsOf({ part, shift }: Leaf): number | null {
    const { metric } = this.metric.parts[part]!;
    const begins = this.parts.find(({ request }) => request.metric === metric.id)!.begins;
    return begins === null ? null : begins + shift;
  }

  /** `isWhole`: everything, for a client that may have seen other windows; `isListed`: with the list of series. */
  *#compare(
    range: DerivedRange,
    cursor: number,
    { isWhole, isListed }: { isWhole: boolean; isListed: boolean },
  ): Steps<FrameView> {
    const { id, version, earlierTimeline: timeline } = this;
    const since = isWhole ? -2 : cursor;
    const members = isWhole || isListed || range.series.mark > cursor;
    const earlier = this.#compared.earlier!;
    const [start, end] = timeline === null ? [0, 0] : [timeline.first, endOfTimeline(timeline)];
    const change: FrameView = {
      ...{
        view: id,
        version,
        received: null,
        watermark: null,
        asOf: timeline === null ? null : earlier.clip,
      },
      ...{ start, end, windows: [], at: [], series: [], values: [[]], partial: [] },
      ...(isWhole ? { snapshot: true as const } : {}),
      ...(members ? { members: range.series.members() } : {}),
      ...boundsOf(timeline, isWhole || earlier.changedAt > cursor),
    };
    yield* range.write(change, { cursor: since, known: Number.POSITIVE_INFINITY });
    return change;
  }
}

/** Periods of a calendar are told as they are, where they have changed. */
const boundsOf = (timeline: Timeline | null, isOther: boolean): Pick<FrameView, 'bounds'> =>
  timeline?.windows.kind === 'calendar' && isOther
    ? { bounds: [...startsOf(timeline), endOfTimeline(timeline)] }
    : {};

/** Null where one is not known. */
function lowest(parts: readonly LiveView[], of: (part: LiveView) => number | null): number | null {
  const all = parts.map(of);
  return all.reduce((a, b) => (a === null || b === null ? null : Math.min(a, b)));
}
