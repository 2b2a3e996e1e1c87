import { groupKey } from '#contracts/metric/dimension.ts';
import type { FrameView, Member } from '#contracts/view/frame.ts';
import { seriesBytes, VIEW_CELL_BYTES, WINDOW_BYTES } from '../core/hot/byte-estimates.ts';
import type { Steps } from '../core/steps.ts';

/** Starts of the first and the last window of a part of a range. */
export interface Span {
  first: number;
  last: number;
}

interface Cell {
  values: readonly (number | null)[];
  /** The texts that the first values belong to, where they do. */
  names?: readonly string[] | undefined;
  /** Whether a value is beyond every double: the cell is there then, without a value. */
  isBeyond: boolean;
  /** Cursor offset as of which it last changed. */
  mark: number;
}

interface Window {
  mark: number;
  isPartial: boolean;
  /** By the number of the series. What is gone stays, so that whoever has seen it is told. */
  readonly cells: Map<number, Cell>;
}

interface Series extends Member {
  key: string;
  /** Cells that are there, and those held with them that are gone: who has seen these is told, also when the group is back. */
  live: number;
  held: number;
  isListed: boolean;
}

/** What changes with time in a table, beside its cells. */
type Position = Pick<FrameView, 'asOf' | 'watermark' | 'start' | 'end' | 'bounds'>;

/** Cells that are looked at in a step. */
const STRIDE = 1_000;

/**
 * The contents of a view that is evaluated anew, in whole or in part: each evaluation is compared with what is held, and what differs
 * is marked, so that frames carry that alone.
 */
export class PreviewTable {
  asOf: number | null = null;
  watermark: number | null = null;
  start = 0;
  end = 0;
  /** Highest mark of anything that a frame would carry; and of a change in a window. */
  changedAt = -1;
  windowsChangedAt = -1;
  /** Cells that are there. */
  count = 0;
  readonly #head: Pick<FrameView, 'view' | 'version'>;
  readonly #outputs: number;
  /** Whether values belong to texts. */
  #isNamed = false;
  /** Whether the one series of a view without groups is shown before it has a cell. */
  readonly #keepsTotal: boolean;
  readonly #windows = new Map<number, Window>();
  readonly #series = new Map<string, Series>();
  readonly #byNumber = new Map<number, Series>();
  #next = 0;
  #listed = 0;
  #membersMark = -1;
  #bounds: readonly number[] | null = null;
  #boundsMark = -1;
  #begins: number | null = null;
  #ranked: number | null = null;
  #earlier: PreviewTable | null = null;
  /** Cells held, with those that are gone; and the bytes of series. */
  #held = 0;
  #seriesBytes = 0;

  constructor(head: Pick<FrameView, 'view' | 'version'>, shape: { outputs: number; keepsTotal: boolean }) {
    this.#head = head;
    this.#outputs = shape.outputs;
    this.#keepsTotal = shape.keepsTotal;
  }

  get groups(): number {
    return this.#listed;
  }

  /** Cells that are there, with those of the earlier range. */
  get cells(): number {
    return this.count + (this.#earlier?.cells ?? 0);
  }

  /** Estimated memory. */
  get bytes(): number {
    const cells = this.#held * (VIEW_CELL_BYTES + 8 * this.#outputs);
    return cells + this.#windows.size * WINDOW_BYTES + this.#seriesBytes + (this.#earlier?.bytes ?? 0);
  }

  /** Moves on, as of `mark`: windows before the range are forgotten, as clients forget them. */
  move({ asOf, watermark, start, end, bounds = [] }: Position, mark: number): void {
    Object.assign(this, { asOf, watermark });
    if (start === this.start && end === this.end && isSame(bounds, this.#bounds ?? [])) return;
    Object.assign(this, { start, end });
    this.changedAt = mark;
    if (!isSame(bounds, this.#bounds ?? [])) this.#boundsMark = mark;
    this.#bounds = bounds.length === 0 ? null : bounds;
    for (const [at, window] of this.#windows) {
      if (at >= start) continue;
      for (const [number, cell] of window.cells)
        this.#count(number, { live: isGone(cell) ? 0 : -1, held: -1 });
      this.#windows.delete(at);
    }
    this.#list(mark);
  }

  /** Puts an evaluation of the whole range in the place of all that is held, in steps, as of `mark`. */
  *replaceAll(contents: FrameView, mark: number): Steps {
    const { compare, groups = null, begins = null } = contents;
    this.move(contents, mark);
    if (begins !== this.#begins || groups !== this.#ranked) this.#membersMark = this.changedAt = mark;
    this.#begins = begins;
    this.#ranked = groups;
    yield* this.replace(contents, { first: Number.NEGATIVE_INFINITY, last: Number.POSITIVE_INFINITY }, mark);
    if (compare === undefined) return;
    this.#earlier ??= new PreviewTable(this.#head, { outputs: this.#outputs, keepsTotal: this.#keepsTotal });
    yield* this.#earlier.replaceAll(compare, mark);
    this.#note(this.#earlier);
  }

  /** Puts an evaluation in the place of the windows of a span, in steps, as of `mark`. */
  *replace(contents: FrameView, { first, last }: Span, mark: number): Steps {
    const { windows, at, series, values, names, overflow, partial, members = [] } = contents;
    if (names !== undefined) this.#isNamed = true;
    const known = new Map(members.map((member) => [member.series, member]));
    if (this.#keepsTotal) for (const member of members) this.#seriesOf(member, mark);
    const beyond = new Set(overflow);
    const hidden = new Set(partial);
    const rows: number[][] = windows.map(() => []);
    for (const [i, index] of at.entries()) rows[index]?.push(i);
    const fresh = new Map<number, number[]>();
    for (const [index, start] of windows.entries())
      if (start >= first && start <= last) fresh.set(start, rows[index]!);
    for (const start of new Set([...this.#windows.keys(), ...fresh.keys()])) {
      if (start < first || start > last) continue;
      const found = (fresh.get(start) ?? []).flatMap((i) => {
        const member = known.get(series[i]!);
        const own = values.map((column) => column[i] ?? null);
        const cell = { values: own, names: names?.[i], isBeyond: beyond.has(i), mark };
        return member === undefined || isGone(cell) ? [] : [{ member, cell }];
      });
      yield* this.#replaceWindow(start, { found, isPartial: hidden.has(start), mark });
    }
    this.#list(mark);
  }

  /** Writes what changed since a cursor, in steps: the cells from then on, and of series and bounds all where there is news. */
  *since(cursor: number, isListed: boolean): Steps<FrameView> {
    const { asOf, watermark, start, end } = this;
    const hasMembers = isListed || this.#membersMark > cursor;
    const change: FrameView = {
      ...this.#head,
      ...{ received: null, watermark, asOf, begins: this.#begins, start, end },
      ...{ windows: [], at: [], series: [], partial: [] },
      values: Array.from({ length: this.#outputs }, () => []),
      ...(this.#isNamed ? { names: [] } : {}),
    };
    if (hasMembers) change.members = this.#members();
    if (hasMembers && this.#ranked !== null) change.groups = this.#ranked;
    if (this.#bounds !== null && (hasMembers || this.#boundsMark > cursor)) change.bounds = [...this.#bounds];
    if (this.#earlier !== null) change.compare = yield* this.#earlier.since(cursor, isListed);
    const changed = [...this.#windows].filter(([, { mark }]) => mark > cursor).sort(([a], [b]) => a - b);
    const overflow: number[] = [];
    let written = 0;
    for (const [at, window] of changed) {
      const index = change.windows.push(at) - 1;
      if (window.isPartial) change.partial.push(at);
      for (const [number, cell] of window.cells) {
        if (cell.mark <= cursor || (isListed && cursor < 0 && isGone(cell))) continue;
        const place = change.at.push(index) - 1;
        change.series.push(number);
        for (const [i, column] of change.values.entries()) column.push(cell.values[i] ?? null);
        change.names?.push(cell.names ?? []);
        if (cell.isBeyond) overflow.push(place);
        if (++written % STRIDE === 0) yield;
      }
      if (++written % STRIDE === 0) yield;
    }
    if (overflow.length > 0) change.overflow = overflow;
    return change;
  }

  *#replaceWindow(
    start: number,
    { found, isPartial, mark }: { found: { member: Member; cell: Cell }[]; isPartial: boolean; mark: number },
  ): Steps {
    const window = this.#windows.get(start) ?? { mark, isPartial: false, cells: new Map<number, Cell>() };
    this.#windows.set(start, window);
    const rest = new Set(window.cells.keys());
    let looked = 0;
    for (const { member, cell } of found) {
      const { series } = this.#seriesOf(member, mark);
      rest.delete(series);
      this.#put(window, series, cell);
      if (++looked % STRIDE === 0) yield;
    }
    for (const number of rest) {
      this.#put(window, number, { values: [], isBeyond: false, mark });
      if (++looked % STRIDE === 0) yield;
    }
    if (window.isPartial !== isPartial) this.#touch(window, mark);
    window.isPartial = isPartial;
    yield;
  }

  #put(window: Window, number: number, cell: Cell): void {
    const before = window.cells.get(number);
    if (before === undefined ? isGone(cell) : isEqual(before, cell)) return;
    const live = Number(!isGone(cell)) - Number(before !== undefined && !isGone(before));
    this.#count(number, { live, held: before === undefined ? 1 : 0 });
    window.cells.set(number, cell);
    this.#touch(window, cell.mark);
  }

  #touch(window: Window, mark: number): void {
    window.mark = mark;
    this.changedAt = mark;
    this.windowsChangedAt = mark;
  }

  #note({ changedAt, windowsChangedAt }: PreviewTable): void {
    this.changedAt = Math.max(this.changedAt, changedAt);
    this.windowsChangedAt = Math.max(this.windowsChangedAt, windowsChangedAt);
  }

  #count(number: number, { live, held }: Pick<Series, 'live' | 'held'>): void {
    const series = this.#byNumber.get(number);
    if (series !== undefined) {
      series.live += live;
      series.held += held;
    }
    this.count += live;
    this.#held += held;
  }

  /** The series of a member of an evaluation, which has other numbers. */
  #seriesOf({ group, rest }: Member, mark: number): Series {
    const key = groupKey(group);
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const series = {
      series: this.#next++,
      group,
      ...(rest ? { rest } : {}),
      key,
      live: 0,
      held: 0,
      isListed: false,
    };
    this.#series.set(key, series);
    this.#byNumber.set(series.series, series);
    this.#seriesBytes += seriesBytes(key);
    this.changedAt = mark;
    return series;
  }

  /** Lists the groups that have cells, as of `mark`, and forgets those of which nothing is held. */
  #list(mark: number): void {
    for (const [key, series] of this.#series) {
      const isListed = series.live > 0 || this.#keepsTotal;
      if (isListed !== series.isListed) {
        this.#membersMark = this.changedAt = mark;
        this.#listed += isListed ? 1 : -1;
      }
      series.isListed = isListed;
      if (isListed || series.held > 0) continue;
      this.#series.delete(key);
      this.#byNumber.delete(series.series);
      this.#seriesBytes -= seriesBytes(key);
    }
  }

  #members(): Member[] {
    return [...this.#series.values()].filter(({ isListed }) => isListed).map(toMember);
  }
}

const toMember = ({ series, group, rest }: Series): Member =>
  rest ? { series, group, rest } : { series, group };

const isGone = ({ values, isBeyond }: Omit<Cell, 'mark'>): boolean =>
  !isBeyond && values.every((value) => value === null);

const isEqual = (a: Cell, b: Cell): boolean =>
  isGone(a)
    ? isGone(b)
    : a.isBeyond === b.isBeyond && isSame(a.values, b.values) && isSame(a.names ?? [], b.names ?? []);

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
