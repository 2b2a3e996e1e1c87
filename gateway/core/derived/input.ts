import type { Timeline } from '#contracts/view/timeline.ts';
import { endOf } from '#contracts/view/windows.ts';
import type { LiveView } from '../view/live-view.ts';
import type { ViewCells } from '../view/view-cells.ts';
import type { ViewWindow } from '../view/view-window.ts';
import { type Counterparts, pairWindows } from './counterparts.ts';

/** The range of a view, or the earlier one that it is compared with. */
export interface Side {
  readonly timeline: Timeline | null;
  readonly cells: ViewCells;
  /** Cursor offset as of which windows last came or went, at the latest. */
  readonly boundsMark: number;
  fill(window: ViewWindow): void;
}

/** A window of an input, for one window of the range. */
export interface InputWindow {
  /** Null where it has no cell. */
  window: ViewWindow | null;
  /** What a group without a cell has. */
  empty: 0 | null;
}

/** Tells whether groups have come or gone in inputs. */
export class SeenGroups {
  readonly #inputs: readonly Input[];
  /** Cells are others after they were emptied. */
  #seen: { cells: ViewCells; changes: number }[] = [];

  constructor(inputs: readonly Input[]) {
    this.#inputs = inputs;
  }

  get isSame(): boolean {
    return this.#inputs.every(
      ({ side }, i) =>
        this.#seen[i]?.cells === side.cells && this.#seen[i].changes === side.cells.membersChanges,
    );
  }

  note(): void {
    this.#seen = this.#inputs.map(({ side: { cells } }) => ({ cells, changes: cells.membersChanges }));
  }

  /** They are looked at again. */
  forget(): void {
    this.#seen = [];
  }
}

/** One of the ranges of values that a derived range is computed from. */
export class Input {
  readonly view: LiveView;
  readonly side: Side;
  /** Indices of its dimensions among those of the range. */
  readonly kept: readonly number[];
  #pairs: Counterparts | null = null;
  /** What the pairs are of. */
  #paired = '';

  constructor(view: LiveView, side: Side, groupBy: readonly string[]) {
    this.view = view;
    this.side = side;
    this.kept = view.request.groupBy.map((dimension) => groupBy.indexOf(dimension));
  }

  /** Whether a window without a cell has a value, from where history begins. */
  get isZero(): boolean {
    return this.view.source.aggregate.empty === 'zero';
  }

  /** To be called where one of the ranges may have moved. */
  pair(own: Timeline): void {
    const { timeline } = this.side;
    const bounds = timeline === null ? '' : `${own.first} ${own.last} ${timeline.first} ${timeline.last}`;
    if (bounds === this.#paired) return;
    this.#paired = bounds;
    this.#pairs = timeline === null ? null : pairWindows(own, timeline);
  }

  /** Returns the end of the window that belongs to one of the range. */
  endAt(start: number): number {
    const other = this.#pairs?.toOther(start);
    return other === undefined ? start : endOf(this.side.timeline!.windows, other);
  }

  /** Returns the window that belongs to one of the range, with its values computed. */
  at(start: number): InputWindow {
    const other = this.#pairs?.toOther(start);
    if (other === undefined) return { window: null, empty: null };
    const { begins } = this.view;
    const isKnown = this.isZero && begins !== null && this.endAt(start) > begins;
    const window = this.side.cells.windows.get(other) ?? null;
    if (window !== null) this.side.fill(window);
    return { window, empty: isKnown ? 0 : null };
  }

  /** Yields the windows of the range in which its cells have changed since a cursor. */
  *changedSince(cursor: number): Generator<number, void> {
    for (const { start } of this.side.cells.changes.since(cursor)) {
      const own = this.#pairs?.toOwn(start);
      if (own !== undefined) yield own;
    }
  }
}
