import type { WindowTimes } from '../trace/window-times.ts';

/** The part of a canvas path that a trace needs. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** Where windows are, in absolute pixel columns since the epoch. */
export interface WindowColumns {
  /**
   * Where window `index` ends. It follows from the whole window number, so that a redraw from anywhere gives the same column,
   * bit by bit.
   */
  endOf(index: number): number;
  /** Returns the number of the window that lies at a column. */
  indexAt(column: number): number;
}

export const columnsOf = ({ startOf, indexAt }: WindowTimes, msPerColumn: number): WindowColumns => ({
  endOf: (index) => startOf(index + 1) / msPerColumn,
  indexAt: (column) => indexAt(column * msPerColumn),
});

/**
 * To a sixteenth of a pixel: exact in the single precision of canvases, so that a stroke looks the same wherever
 * the strip begins.
 */
export const snap = (position: number): number => Math.round(position * 16) / 16;

/** The lowest window number from which to stroke so that everything right of column `from` is as in a full draw. */
export function firstToStroke(from: number, columns: WindowColumns, oldest: number): number {
  const before = columns.indexAt(from) - 2;
  let index = Math.max(oldest, before);
  // A pixel column is drawn as one group: begin with the first window that ends in its column.
  while (index > oldest && Math.floor(columns.endOf(index - 1)) === Math.floor(columns.endOf(index))) index--;
  return index;
}

/** How far the mark of a lone value reaches to each side of it, in CSS pixels. */
export const MARK_REACH = 2.5;

/**
 * Strokes windows [from, to) as a polyline, at most four points a pixel column (first, lowest, highest, last).
 * `yOf` gives NaN where there is no value: the line breaks; a value alone between two holes becomes a mark.
 */
export function strokeColumns(
  pen: Pen,
  from: number,
  to: number,
  columns: WindowColumns,
  base: number,
  ratio: number,
  yOf: (index: number) => number,
): void {
  let down = false;
  /** The point that nothing is joined to yet. */
  let lone: [x: number, y: number] | null = null;
  walkColumns(from, to, columns, base, yOf, (x, y) => {
    if (Number.isNaN(y)) {
      if (lone !== null) mark(pen, lone, ratio);
      lone = null;
      down = false;
    } else if (down) {
      pen.lineTo(x, y);
      lone = null;
    } else {
      pen.moveTo(x, y);
      down = true;
      lone = [x, y];
    }
  });
  if (lone !== null) mark(pen, lone, ratio);
}

/** Visits the points that windows [from, to) need, at most four a pixel column; `y` is NaN at a hole. */
export function walkColumns(
  from: number,
  to: number,
  columns: WindowColumns,
  base: number,
  yOf: (index: number) => number,
  visit: (x: number, y: number) => void,
): void {
  let i = from;
  while (i < to) {
    const column = Math.floor(columns.endOf(i));
    let end = i + 1;
    while (end < to && Math.floor(columns.endOf(end)) === column) end++;
    for (const j of pick(i, end, yOf)) visit(snap(columns.endOf(j)) - base, yOf(j));
    i = end;
  }
}

/** Three short strokes, one above the other: a hairline dash alone is too easy to miss on an empty panel. */
function mark(pen: Pen, [x, y]: [x: number, y: number], ratio: number): void {
  for (const row of [-ratio, 0, ratio]) {
    pen.moveTo(x - MARK_REACH * ratio, y + row);
    pen.lineTo(x + MARK_REACH * ratio, y + row);
  }
}

/** Of the windows [from, to) of one column those that its picture needs, in order; holes are kept. */
function pick(from: number, to: number, yOf: (index: number) => number): number[] {
  if (to - from <= 4) return Array.from({ length: to - from }, (_, k) => from + k);
  let low = -1;
  let high = -1;
  for (let i = from; i < to; i++) {
    const y = yOf(i);
    if (Number.isNaN(y)) continue;
    if (low < 0 || y > yOf(low)) low = i;
    if (high < 0 || y < yOf(high)) high = i;
  }
  return [...new Set([from, low, high, to - 1].filter((i) => i >= 0))].sort((a, b) => a - b);
}

/** Left and right whole column of a bar, relative to `base`; one column stays free between bars that have room for it. */
export function barColumns(
  index: number,
  { endOf }: Pick<WindowColumns, 'endOf'>,
  base: number,
): { left: number; right: number } {
  const left = Math.round(endOf(index - 1)) - base;
  const right = Math.round(endOf(index)) - base;
  return right - left >= 4 ? { left: left + 1, right } : { left, right: Math.max(left + 1, right) };
}
