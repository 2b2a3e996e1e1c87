import { evaluate } from '#contracts/metric/expression/evaluate-expression.ts';
import type { ExpressionOf } from '#contracts/metric/expression/expression.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import { hasSameWindows, startsOf, type Timeline } from '#contracts/view/timeline.ts';
import { nextStart } from '#contracts/view/windows.ts';
import type { Steps } from '../steps.ts';
import { type DerivedSeries, DerivedSeriesList } from './derived-series.ts';
import type { Leaf } from './expand-derived.ts';
import { type Input, type InputWindow, SeenGroups, type Side } from './input.ts';
import { countAtLeast } from './join-groups.ts';

export interface DerivedRangeOptions {
  expression: ExpressionOf<Leaf>;
  /** The one that a leaf is a value of. */
  inputOf: (leaf: Leaf) => Input;
  inputs: readonly Input[];
  /** Whose windows are those of the range. */
  main: Side;
  dimensions: number;
}

/** Which changes are written. */
interface Since {
  cursor: number;
  /** The client has seen no window from here on. */
  known: number;
}

/** Cells that are looked at between two yields. */
const STRIDE = 500;

/**
 * The values of a derived metric over a range. None is kept: each is computed when it is written, from the cells of the inputs, and
 * has changed as of the highest mark among those. Every group has a value in every window in which the expression has one, also
 * where no input has a cell; so what decides that has marks here: windows, groups, and from where on history is known.
 * Marks may be too high, never too low: what is written once more is the same.
 */
export class DerivedRange {
  readonly series: DerivedSeriesList;
  readonly #options: DerivedRangeOptions;
  readonly #places: ReadonlyMap<Input, number>;
  #timeline: Timeline | null = null;
  /** Cursor offset as of which windows came into the range: all, and those that came later. */
  #begun = -1;
  readonly #entered = new Map<number, number>();
  /** Of windows whose values are others without a change of any cell. */
  readonly #rewritten = new Map<number, number>();
  /** How many groups there were when they were last counted. */
  #least = 0;
  readonly #seen: SeenGroups;
  readonly #begins = new Map<Input, number | null>();

  constructor(options: DerivedRangeOptions) {
    this.#options = options;
    this.#places = new Map(options.inputs.map((input, i) => [input, i]));
    this.#seen = new SeenGroups(options.inputs);
    this.series = new DerivedSeriesList(options.inputs, options.dimensions);
  }

  /** How many groups there are at least. */
  get groups(): number {
    if (!this.#seen.isSame) this.#least = this.#countGroups();
    this.#seen.note();
    return Math.max(this.series.size, this.#least);
  }

  #countGroups(): number {
    const { inputs, dimensions } = this.#options;
    const groups = inputs.map(({ kept, side }) => ({
      kept,
      groups: side.cells.members().map((member) => member.group),
    }));
    return countAtLeast(groups, dimensions);
  }

  /** Follows the inputs; `mark`: as of when what they do not say has changed. */
  *prepare(mark: number): Steps {
    const { inputs, main } = this.#options;
    const { timeline } = main;
    if (timeline === null) return;
    this.#moveTo(timeline, main.boundsMark);
    for (const input of inputs) {
      input.pair(timeline);
      if (input.isZero) this.#followBegin(input, timeline, mark);
    }
    yield* this.series.follow();
  }

  #moveTo(timeline: Timeline, mark: number): void {
    const before = this.#timeline;
    this.#timeline = timeline;
    if (before === null || !hasSameWindows(before, timeline) || timeline.first < before.first) {
      this.#entered.clear();
      this.#rewritten.clear();
      this.#begun = mark;
      return;
    }
    const next = before.last < before.first ? before.first : nextStart(before.windows, before.last);
    for (let at = Math.max(next, timeline.first); at <= timeline.last; at = nextStart(timeline.windows, at))
      this.#entered.set(at, mark);
    if (timeline.first === before.first) return;
    for (const marks of [this.#entered, this.#rewritten])
      for (const start of marks.keys()) if (start < timeline.first) marks.delete(start);
  }

  /** Where history begins elsewhere, windows between have a zero now, or none any more. */
  #followBegin(input: Input, timeline: Timeline, mark: number): void {
    const { begins } = input.view;
    const before = this.#begins.get(input);
    this.#begins.set(input, begins);
    if (before === begins || before === undefined) return;
    const [low, high] = [before ?? Infinity, begins ?? Infinity].sort((a, b) => a - b) as [number, number];
    for (const start of startsOf(timeline)) {
      const end = input.endAt(start);
      if (end > high) return;
      if (end > low) this.#rewritten.set(start, mark);
    }
  }

  /** Adds what has changed, in steps. To be prepared before. */
  *write(change: FrameView, since: Since): Steps {
    const timeline = this.#timeline;
    if (timeline === null) return;
    const { cursor, known } = since;
    const isWhole = cursor < 0 || known < Infinity || this.#begun > cursor;
    const changed = isWhole ? null : this.#changedSince(cursor);
    const fresh = [...this.series.values()].filter(({ shown }) => shown > cursor);
    const all = changed === null || fresh.length > 0;
    const starts = all ? startsOf(timeline) : [...changed].sort((a, b) => a - b);
    let looked = 0;
    for (const start of starts) {
      const isChanged = changed === null || changed.has(start);
      looked += yield* this.#writeWindow(change, start, {
        series: isChanged ? this.series : { size: fresh.length, values: () => fresh.values() },
        since: start < known ? cursor : -2,
      });
      if (looked < STRIDE) continue;
      looked = 0;
      yield;
    }
  }

  /** Computes one value: of a group in the last window. */
  lastValues(): Generator<{ group: readonly string[]; value: number | null }, void> {
    return this.#valuesAt(this.#timeline);
  }

  *#valuesAt(timeline: Timeline | null): Generator<{ group: readonly string[]; value: number | null }, void> {
    if (timeline === null || timeline.last < timeline.first) return;
    const windows = this.#options.inputs.map((input) => input.at(timeline.last));
    for (const series of this.series.values())
      yield { group: series.group, value: this.#read(series, windows).value };
  }

  #changedSince(cursor: number): Set<number> {
    const { first, last } = this.#timeline!;
    const changed = new Set<number>();
    for (const marks of [this.#entered, this.#rewritten])
      for (const [start, mark] of marks) if (mark > cursor) changed.add(start);
    for (const input of this.#options.inputs)
      for (const start of input.changedSince(cursor)) if (start >= first && start <= last) changed.add(start);
    return changed;
  }

  *#writeWindow(
    change: FrameView,
    start: number,
    { series, since }: { series: Pick<DerivedSeriesList, 'size' | 'values'>; since: number },
  ): Steps<number> {
    const windows = this.#options.inputs.map((input) => input.at(start));
    const isRewritten = (this.#rewritten.get(start) ?? -1) > since;
    const isNew = Math.max(this.#begun, this.#entered.get(start) ?? -1) > since;
    const isPartial = windows.some(({ window }) => window !== null && window.other !== null);
    let index = -1;
    const begin = (): number => {
      if (isPartial) change.partial.push(start);
      return change.windows.push(start) - 1;
    };
    let looked = 0;
    for (const one of series.values()) {
      if (++looked % STRIDE === 0) yield;
      const { value, mark } = this.#read(one, windows);
      const isChanged = isRewritten || mark > since;
      if (!isChanged && !isNew && one.shown <= since) continue;
      // Where a client may hold a value, null says that it is gone.
      if (value === null && (!isChanged || since < 0)) continue;
      if (index < 0) index = begin();
      change.at.push(index);
      change.series.push(one.series);
      change.values[0]!.push(value);
    }
    const isMarked = windows.some(({ window }) => window !== null && window.mark > since);
    if (index < 0 && isPartial && isMarked) begin();
    return 1 + looked;
  }

  /** Returns the value of a group in a window, and as of when what it is computed from last changed. */
  #read(series: DerivedSeries, windows: readonly InputWindow[]): { value: number | null; mark: number } {
    const { expression, inputOf, inputs } = this.#options;
    let mark = -1;
    const cells = windows.map(({ window }, i) => {
      const cell = window === null ? null : inputs[i]!.side.cells.read(window, series.keys[i]!);
      if (cell !== null) mark = Math.max(mark, cell.mark);
      return cell;
    });
    const value = evaluate(expression, (leaf: Leaf) => {
      const place = this.#places.get(inputOf(leaf))!;
      const cell = cells[place]!;
      return cell === null ? windows[place]!.empty : cell.valueAt(leaf.output);
    });
    return { value, mark };
  }
}
