import { maxKnown } from '#contracts/min-known.ts';
import { countOf, endOfTimeline, goesOn, type Timeline, timelineOf } from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';
import { alignOf } from '#contracts/view/window-align.ts';
import { endOf, overlap, startsHolding, storeWindows } from '#contracts/view/windows.ts';

/** `replaced`: its windows are others now, such as those of the next day. */
export type RangeMove = 'still' | 'moved' | 'replaced';

/** The range of a view, which follows the time that its data reaches and never goes back. */
export class ViewRange {
  /** Null until the time is known. */
  timeline: Timeline | null = null;
  #reach: number | null = null;
  readonly #asked: Pick<View, 'windows' | 'range'>;

  constructor(asked: Pick<View, 'windows' | 'range'>) {
    this.#asked = asked;
  }

  /** Start of the first and end of the last window; 0 while unknown. */
  get start(): number {
    return this.timeline?.first ?? 0;
  }

  get end(): number {
    return this.timeline === null ? 0 : endOfTimeline(this.timeline);
  }

  /** Number of windows. */
  get count(): number {
    return this.timeline === null ? 0 : countOf(this.timeline);
  }

  /** End of the last window that the range can come to have with the windows of now. */
  get limit(): number {
    const { windows, limit } = this.timeline ?? {};
    return windows === undefined || limit === Infinity || limit === undefined
      ? Infinity
      : endOf(windows, limit);
  }

  /** Whether one window has begun long before it comes into the range, so that nothing is kept for it until then. */
  get overlaps(): boolean {
    return this.timeline !== null && overlap(this.timeline.windows);
  }

  /** Number of ms that every start and end of its windows is a multiple of. */
  get align(): number {
    if (this.timeline === null) return 1;
    const { windows, first } = this.timeline;
    return alignOf(storeWindows(windows, first, this.end));
  }

  moveTo(reach: number): RangeMove {
    const before = this.timeline;
    const next = timelineOf(this.#asked, maxKnown(this.#reach, reach)!);
    if (this.#reach !== null && reach <= this.#reach) return 'still';
    this.#reach = reach;
    this.timeline = next;
    if (before === null || !goesOn(before, next)) return 'replaced';
    return before.first === next.first && before.last === next.last ? 'still' : 'moved';
  }

  /** Leaves out the windows before one, until it is moved again or told another: its contents come from the newest on. */
  beginAt(start: number): void {
    if (this.timeline !== null) this.timeline = { ...this.timeline, first: start };
  }

  holds(start: number): boolean {
    return this.timeline !== null && start >= this.timeline.first && start <= this.timeline.last;
  }

  /** Starts of the windows that hold a pane, of those that are in the range or will come into it. */
  windowsHolding(pane: number): number[] {
    if (this.timeline === null) return [];
    const { windows, first, last, limit } = this.timeline;
    const most = this.overlaps ? last : limit;
    return startsHolding(windows, pane).filter((start) => start >= first && start <= most);
  }

  endOf(start: number): number {
    return this.timeline === null ? start : endOf(this.timeline.windows, start);
  }
}
