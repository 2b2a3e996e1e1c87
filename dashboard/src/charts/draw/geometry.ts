import type { PlotArea } from '../axis/chart.ts';
import { type Scale, shareOf } from '../axis/scale.ts';
import { columnOf } from '../strip/strip-columns.ts';

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
