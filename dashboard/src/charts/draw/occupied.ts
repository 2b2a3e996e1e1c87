import { barColumns } from '../strip/strip-columns.ts';
import { createBands, isFilled, writeBands } from '../trace/bands.ts';
import { type Geometry, timeOfX, xOfColumn, xOfWindow, yOfValue } from './geometry.ts';
import { closedAt, openAt, type PlotState } from './plot-state.ts';

/** A rectangle in CSS pixels. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Strokes and their dots reach this far beyond their values, CSS pixels. */
const STROKE = 3;

/** Returns the boxes that the data drawn between two places takes up, by window: strokes, fills and steps. */
export function occupiedBoxes(g: Geometry, state: PlotState, left: number, right: number): Box[] {
  const { data, kind } = state;
  const { times } = data;
  // A line is drawn to the end of its window: one more on each side.
  const from = Math.max(data.first, times.indexAt(timeOfX(g, left)) - 1);
  const to = Math.min(Math.max(closedAt(state), openAt(state)), times.indexAt(timeOfX(g, right)) + 2);
  const filled = isFilled(data) && kind !== 'line';
  const bands = createBands(data.traces.length);
  const boxes: Box[] = [];
  const add = (x: [number, number], values: readonly number[]): void => {
    const ys = values.filter((value) => !Number.isNaN(value)).map((value) => yOfValue(g, value));
    if (ys.length === 0 || x[1] < left || x[0] > right) return;
    const [top, bottom] = [Math.min(...ys) - STROKE, Math.max(...ys) + STROKE];
    boxes.push({ left: x[0], right: x[1], top, bottom });
  };
  let before = [...bands.top].fill(Number.NaN);
  for (let i = from; i < to; i++) {
    writeBands(data, i, bands);
    const x = spanOf(g, state, i);
    for (let t = 0; t < bands.top.length; t++) {
      const now = bands.top[t]!;
      if (!Number.isNaN(now)) add(x, filled ? [now, bands.base[t]!, before[t]!] : [now, before[t]!]);
    }
    for (const line of data.earlier)
      if (!Number.isNaN(line.value(i))) add(x, [line.value(i), line.value(i - 1)]);
    before = kind === 'bars' && filled ? before : [...bands.top];
  }
  return boxes;
}

/** From where to where a window is drawn: of a bar its columns, of a line the way from the value before. */
function spanOf(g: Geometry, { kind }: PlotState, index: number): [number, number] {
  if (kind !== 'bars') return [xOfWindow(g, index - 1) - STROKE, xOfWindow(g, index) + STROKE];
  const { left, right } = barColumns(index, g.windows, 0);
  return [xOfColumn(g, left), xOfColumn(g, right)];
}

/** Whether two rectangles have a point in common. */
export const touches = (a: Box, b: Box): boolean =>
  a.left <= b.right && b.left <= a.right && a.top <= b.bottom && b.top <= a.bottom;
