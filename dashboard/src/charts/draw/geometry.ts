import { HOUR } from '#contracts/text/duration.ts';
import type { Formats } from '../../format/formats.ts';
import type { PlotArea } from '../axis/chart.ts';
import { type Scale, shareOf } from '../axis/scale.ts';
import type { WindowColumns } from '../strip/strip-columns.ts';
import type { ChartKind } from '../trace/trace.ts';
import type { WindowTimes } from '../trace/window-times.ts';

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
  windows: WindowColumns;
  /** Column of the now edge. */
  edge: number;
}

export const xOfColumn = (g: Geometry, column: number): number =>
  g.area.left + (column - g.edge + g.columns) / g.ratio;

export const xOfTime = (g: Geometry, time: number): number => xOfColumn(g, Math.floor(time / g.msPerColumn));

/** Where a line has the value of a window: at its end. */
export const xOfWindow = (g: Geometry, index: number): number => xOfColumn(g, g.windows.endOf(index));

export const yOfValue = (g: Geometry, value: number): number =>
  g.area.top + (1 - shareOf(g.scale, value)) * (g.area.bottom - g.area.top);

export const timeOfX = (g: Geometry, x: number): number =>
  (g.edge - g.columns + (x - g.area.left) * g.ratio) * g.msPerColumn;

/** Returns the window that is read at a time: the one that ends at it or contains it. A line has its value there. */
export function windowAt(times: WindowTimes, time: number): number {
  const index = times.indexAt(time);
  return time - times.startOf(index) <= times.length * 1e-9 ? index - 1 : index;
}

/** Returns the window that is read at a time, epoch ms. */
export function windowOf(times: WindowTimes, time: number): { from: number; to: number } {
  const index = windowAt(times, time);
  return { from: times.beginOf(index), to: times.startOf(index + 1) };
}

/** The reading time of a window: its end where a line has its value, the middle of its bar. */
export function timeOfWindow(kind: ChartKind, times: WindowTimes, index: number): number {
  const end = times.startOf(index + 1);
  return kind === 'bars' ? (times.startOf(index) + end) / 2 : end;
}

/** The reading time nearest to `time` that a plot has. */
export function snapTime(kind: ChartKind, times: WindowTimes, time: number): number {
  const index = times.indexAt(time);
  const [start, end] = [times.startOf(index), times.startOf(index + 1)];
  return timeOfWindow(kind, times, kind !== 'bars' && time - start < end - time ? index - 1 : index);
}

/** Of 23 hours where clocks are set forward. */
const SHORTEST_DAY = 23 * HOUR;

/** Describes what a plot reads at a time: the moment of a line's value, or the begin and end of a bar. */
export function momentLabel(
  { kind, times }: { kind: ChartKind; times: WindowTimes },
  time: number,
  { now, formats }: { now: number; formats: Formats },
): string {
  const index = windowAt(times, time);
  const to = times.startOf(index + 1);
  if (kind !== 'bars') return formats.moment(to, now);
  const from = times.beginOf(index);
  // Of a day and more the clock says little, and the end has a date of its own.
  return to - from >= SHORTEST_DAY
    ? formats.days(from, to, now)
    : `${formats.moment(from, now)}–${formats.clock(to)}`;
}
