import { groupKey } from '#contracts/metric/dimension.ts';
import type { FrameView, ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { timesOfView } from '../../charts/trace/view-times.ts';
import { type FigureSpan, isSameSpan, spanOf } from './figure-span.ts';

/** One group of a view, and what it comes to. */
export interface GroupRow {
  /** Its number in the view; another gateway may give it another. */
  series: number;
  readonly key: string;
  readonly group: readonly string[];
  /** Whether it is of all groups that are not shown by name. */
  readonly rest?: boolean;
  /** One figure an output shown; NaN for no value. */
  readonly figures: number[];
  /** When data last changed its first figure, on the clock that `refresh` is given; 0 for not since it was loaded. */
  changed: number;
  /** How long it had stood still when that happened, ms. */
  still: number;
}

export interface GroupFigures {
  readonly info: ViewInfo | null;
  /** Names of the outputs shown, in the order of `figures`. */
  readonly outputs: readonly string[];
  readonly rows: Iterable<GroupRow>;
  /** How many groups were ranked, where only the highest are shown; null where all of them are. */
  readonly ranked: number | null;
  /** Which time the figures are of; null before the first `refresh`. */
  readonly span: FigureSpan | null;
  /** Loads everything again: snapshot, resume, end of a pause. */
  load(info: ViewInfo, contents: ViewContents): void;
  /** Applies what one frame changed; the contents hold it already. */
  update(info: ViewInfo, contents: ViewContents, change: FrameView): void;
  /** Brings the figures up to `now`, for a view shown over the last `range` ms. Returns whether any may have changed. */
  refresh(now: number, range: number): boolean;
  /** The first output of a group over the closed windows of the last `range` ms; NaN for no value. */
  history(series: number, range: number): number[];
}

/**
 * What the groups of a view come to, one figure an output. Where values add over windows (a count, a sum) a figure is
 * the sum over the windows of the range, the open one included, so it moves with every event. Otherwise it is the value
 * of the newest closed window, and of the open one only as long as no window was closed yet.
 *
 * The work is bounded: a figure is recomputed when one of its cells changed, all of them when the range has moved on by
 * a window. They are computed from the cells each time and never by adding and taking away, whose errors would add up.
 * `outputs` empty means all.
 */
export function createGroupFigures(outputs: readonly string[]): GroupFigures {
  let held: Held | null = null;
  let rows = new Map<number, GroupRow>();
  const touched = new Set<GroupRow>();
  let span: FigureSpan | null = null;
  let fresh = true;
  /** When the figures were first formed since they were loaded. */
  let begun = 0;

  function form(row: GroupRow, now: number): void {
    const { contents, columns, empty } = held!;
    const cells = contents.series.get(row.series)?.cells ?? NO_CELLS;
    const before = row.figures[0];
    columns.forEach((output, i) => {
      row.figures[i] = figureOf(cells, output, span!, empty);
    });
    // A sum also shrinks when the range moves on: that is no news of the group.
    const news = span!.kind === 'sum' ? touched.has(row) : true;
    if (fresh || !news || Object.is(before, row.figures[0])) return;
    row.still = now - Math.max(row.changed, begun);
    row.changed = now;
  }

  return {
    get info() {
      return held?.info ?? null;
    },
    get outputs() {
      return held === null ? [] : held.columns.map((o) => held!.info.outputs[o]!);
    },
    get rows() {
      return rows.values();
    },
    get ranked() {
      return held?.contents.groups ?? null;
    },
    get span() {
      return span;
    },
    load(info, contents) {
      held = {
        info,
        contents,
        columns: columnsOf(info, outputs),
        empty: info.empty === 'zero' ? 0 : Number.NaN,
      };
      rows = rowsOf(held, new Map());
      span = null;
      touched.clear();
      fresh = true;
    },
    update(info, contents, change) {
      if (held === null || change.snapshot || held.info !== info) return this.load(info, contents);
      if (change.members) {
        const known = new Map([...rows.values()].map((row) => [row.key, row]));
        rows = rowsOf(held, known);
        for (const row of rows.values()) if (!known.has(row.key)) touched.add(row);
      }
      for (const series of change.series) {
        const row = rows.get(series);
        if (row !== undefined) touched.add(row);
      }
    },
    refresh(now, range) {
      if (held === null) return false;
      const next = spanOf(held.info, held.contents, now, range);
      const moved = span === null || !isSameSpan(next, span);
      span = next;
      if (fresh) begun = now;
      for (const row of moved ? rows.values() : touched) if (rows.get(row.series) === row) form(row, now);
      const any = moved || touched.size > 0;
      touched.clear();
      fresh = false;
      return any;
    },
    history: (series, range) => (held === null || span === null ? [] : historyOf(held, span, series, range)),
  };
}

/** What the figures are formed from. */
interface Held {
  info: ViewInfo;
  contents: ViewContents;
  /** Which outputs of the view are shown, by their place. */
  columns: number[];
  /** What a window without a cell means. */
  empty: number;
}

const columnsOf = (info: ViewInfo, outputs: readonly string[]): number[] =>
  [...info.outputs.keys()].filter((o) => outputs.length === 0 || outputs.includes(info.outputs[o]!));

/** Returns one row for each series of a view, by its number; a group that is known by its key keeps its row. */
function rowsOf({ contents, columns }: Held, known: ReadonlyMap<string, GroupRow>): Map<number, GroupRow> {
  return new Map(
    [...contents.series].map(([series, { group, rest = false }]) => {
      const key = groupKey(group);
      const figures = columns.map(() => Number.NaN);
      const row = known.get(key) ?? { series, key, group, rest, figures, changed: 0, still: 0 };
      row.series = series;
      return [series, row];
    }),
  );
}

function historyOf(
  { info, contents, columns, empty }: Held,
  { closed }: FigureSpan,
  series: number,
  range: number,
): number[] {
  const cells = contents.series.get(series)?.cells ?? NO_CELLS;
  const values: number[] = [];
  const times = timesOfView(info, contents);
  const every = info.every ?? info.window;
  const first = Math.max(contents.start, closed - Math.ceil(range / every) * every);
  for (let i = times.indexAt(first); times.startOf(i) < closed; i++) {
    const isKnown = contents.begins !== null && times.startOf(i + 1) > contents.begins;
    values.push(cellValue(cells.get(times.beginOf(i)), columns[0] ?? 0, isKnown ? empty : Number.NaN));
  }
  return values;
}

type Cells = ReadonlyMap<number, readonly (number | null)[]>;
const NO_CELLS: Cells = new Map();

/** NaN for a cell whose value no double holds. */
const cellValue = (cell: readonly (number | null)[] | undefined, output: number, empty: number): number =>
  cell === undefined ? empty : (cell[output] ?? Number.NaN);

function figureOf(cells: Cells, output: number, span: FigureSpan, empty: number): number {
  if (span.kind !== 'sum') return cellValue(cells.get(span.from), output, empty);
  let sum = empty;
  for (const [start, values] of cells) {
    if (start < span.from || start >= span.to) continue;
    const value = values[output] ?? null;
    // One that no double holds leaves no sum.
    if (value === null) return Number.NaN;
    sum = (Number.isNaN(sum) ? 0 : sum) + value;
  }
  return Number.isFinite(sum) ? sum : Number.NaN;
}
