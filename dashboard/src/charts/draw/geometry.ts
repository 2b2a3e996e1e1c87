import { formatClock, formatMoment } from '../../format/format-time.ts';
import type { PlotArea } from '../axis/chart.ts';
import { type Scale, shareOf } from '../axis/scale.ts';
import { columnOf } from '../strip/strip-columns.ts';
import type { ChartKind } from '../trace/trace.ts';

/** How time and value map to the picture. Columns are device pixels counted from the epoch. */
export interface Geometry {
  area: PlotArea;
  width: number;
  height: number;
  ratio: number;
  scale: Scale;
  /** Width of the plot in columns. */
  columns: number;
  msPerColumn: number;
  perWindow: number;
  /** Column of the now edge. */
  edge: number;
}

export const xOfColumn = (g: Geometry, column: number): number =>
  g.area.left + (column - g.edge + g.columns) / g.ratio;

export const xOfTime = (g: Geometry, time: number): number => xOfColumn(g, Math.floor(time / g.msPerColumn));

/** Where a line has the value of a window: at its end. */
export const xOfWindow = (g: Geometry, index: number): number => xOfColumn(g, columnOf(index, g.perWindow));

export const yOfValue = (g: Geometry, value: number): number =>
  g.area.top + (1 - shareOf(g.scale, value)) * (g.area.bottom - g.area.top);

export const timeOfX = (g: Geometry, x: number): number =>
  (g.edge - g.columns + (x - g.area.left) * g.ratio) * g.msPerColumn;

/** Returns the window that is read at a time: the one that ends at it or contains it. A line has its value there. */
export const windowAt = (window: number, time: number): number => Math.ceil(time / window - 1e-9) - 1;

/** The reading time of a window: its end where a line has its value, the middle of its bar. */
export const timeOfWindow = (kind: ChartKind, window: number, index: number): number =>
  (index + (kind === 'bars' ? 0.5 : 1)) * window;

/** The reading time nearest to `time` that a plot has. */
export function snapTime(kind: ChartKind, window: number, time: number): number {
  const index = kind === 'bars' ? Math.floor(time / window) : Math.round(time / window) - 1;
  return timeOfWindow(kind, window, index);
}

/** Describes what a plot reads at a time: the moment of a line's value, or the begin and end of a bar. */
export function momentLabel(kind: ChartKind, window: number, time: number, now: number): string {
  const index = windowAt(window, time);
  const end = (index + 1) * window;
  if (kind !== 'bars') return formatMoment(end, now);
  return `${formatMoment(index * window, now)}–${formatClock(end)}`;
}
