import { inkOf } from '../ink/inks.ts';
import { barColumns } from '../strip/strip-columns.ts';
import { strokeHair } from '../strip/stroke-hair.ts';
import { type Bands, createBands, isFilled, writeBands } from '../trace/bands.ts';
import { type Geometry, xOfColumn, xOfWindow, yOfValue } from './geometry.ts';
import { closedAt, openAt, type PlotState } from './plot-state.ts';

/** Narrower than this an open window shows no dash. */
export const DASH_FROM = 8;
const DASH = [3, 2];
const DOT = 2;

/** Windows that are not final yet: a dashed line without a fill below it, a hollow bar. */
export function drawOpen(context: CanvasRenderingContext2D, g: Geometry, state: PlotState): void {
  const [from, to] = [closedAt(state), openAt(state)];
  if (to <= from) return;
  context.save();
  context.beginPath();
  context.rect(g.area.left, g.area.top - 4, g.area.right - g.area.left, g.area.bottom - g.area.top + 8);
  context.clip();
  if (state.kind === 'bars') drawOpenBars(context, g, state, from, to);
  else drawOpenLines(context, g, state, from, to);
  drawOpenEarlier(context, g, state, from, to);
  context.restore();
}

/** Whether the open part is wide enough to be recognised. */
export function isOpenVisible(g: Geometry, state: PlotState): boolean {
  const from = closedAt(state);
  if (openAt(state) <= from) return false;
  return g.area.right - xOfColumn(g, g.windows.endOf(from - 1)) >= DASH_FROM;
}

function drawOpenLines(
  context: CanvasRenderingContext2D,
  g: Geometry,
  state: PlotState,
  from: number,
  to: number,
): void {
  const wide = g.area.right - xOfWindow(g, from - 1) >= DASH_FROM;
  // From the last closed window, where the dash is joined, to the edge.
  const windows = bandsFrom(state, from - 1, to);
  for (const [t, trace] of state.data.traces.entries()) {
    const color = inkOf(state.inks, trace.slot);
    if (!wide) {
      drawOpenDot(context, g, state, windows.at(-1)!.top[t]!, color);
      continue;
    }
    context.save();
    context.scale(1 / g.ratio, 1 / g.ratio);
    context.setLineDash(DASH.map((d) => d * g.ratio));
    strokeHair(context, openPath(g, windows, t, from - 1), color, g.ratio);
    context.restore();
  }
}

/** Of the counterpart of an open window only as much is known as has passed of that: it is not final either. */
function drawOpenEarlier(
  context: CanvasRenderingContext2D,
  g: Geometry,
  { data, inks }: PlotState,
  from: number,
  to: number,
): void {
  context.lineWidth = 1;
  for (const { value, slot } of data.earlier) {
    context.beginPath();
    for (let i = from; i < to; i++) {
      const [left, right] = [xOfWindow(g, i - 1), Math.min(xOfWindow(g, i), g.area.right)];
      const [y, before] = [yOfValue(g, value(i)), yOfValue(g, value(i - 1))].map((v) => Math.round(v) + 0.5);
      if (Number.isNaN(y)) continue;
      if (Number.isNaN(before)) context.moveTo(left, y!);
      else context.moveTo(left, before!);
      context.lineTo(left, y!);
      context.lineTo(right, y!);
    }
    context.strokeStyle = inkOf(inks, slot);
    context.setLineDash(DASH);
    context.stroke();
    context.setLineDash([]);
  }
}

/** The bands of windows [from, to). */
const bandsFrom = ({ data }: PlotState, from: number, to: number): Bands[] =>
  Array.from({ length: to - from }, (_, k) => {
    const bands = createBands(data.traces.length);
    writeBands(data, from + k, bands);
    return bands;
  });

/** Where there is no room for a dash: a hollow dot at the edge, since a solid line would say that the value is final. */
function drawOpenDot(
  context: CanvasRenderingContext2D,
  g: Geometry,
  { inks }: PlotState,
  value: number,
  color: string,
): void {
  if (Number.isNaN(value)) return;
  context.beginPath();
  context.arc(g.area.right - DOT - 0.5, yOfValue(g, value), DOT, 0, 2 * Math.PI);
  context.fillStyle = inks.ground;
  context.fill();
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.stroke();
}

/** In device pixels, from the newest closed value to the edge. */
function openPath(g: Geometry, windows: readonly Bands[], trace: number, from: number): Path2D {
  const path = new Path2D();
  let down = false;
  for (const [i, bands] of windows.entries()) {
    const value = bands.top[trace]!;
    if (Number.isNaN(value)) continue;
    const x = Math.min(xOfWindow(g, from + i), g.area.right) * g.ratio;
    const y = yOfValue(g, value) * g.ratio;
    if (down) path.lineTo(x, y);
    else path.moveTo(x, y);
    down = true;
  }
  return path;
}

function drawOpenBars(
  context: CanvasRenderingContext2D,
  g: Geometry,
  state: PlotState,
  from: number,
  to: number,
): void {
  const bands = createBands(state.data.traces.length);
  context.lineWidth = 1;
  for (let i = from; i < to; i++) {
    const { left, right } = barColumns(i, g.windows, 0);
    const x0 = Math.round(xOfColumn(g, left)) + 0.5;
    const x1 = Math.min(Math.round(xOfColumn(g, right)), g.area.right) - 0.5;
    writeBands(state.data, i, bands);
    for (const [t, trace] of state.data.traces.entries()) {
      const [low, high] = [bands.base[t]!, bands.top[t]!];
      if (Number.isNaN(high) || low === high) continue;
      const y = Math.round(yOfValue(g, high)) + 0.5;
      context.strokeStyle = inkOf(state.inks, trace.slot);
      context.setLineDash(x1 - x0 >= DASH_FROM ? DASH : []);
      const foot = isFilled(state.data) ? Math.round(yOfValue(g, low)) : y;
      strokeHollow(context, x0, Math.max(x0 + 1, x1), y, foot);
    }
  }
  context.setLineDash([]);
}

function strokeHollow(
  context: CanvasRenderingContext2D,
  x0: number,
  x1: number,
  top: number,
  bottom: number,
): void {
  context.beginPath();
  context.moveTo(x0, bottom);
  context.lineTo(x0, top);
  context.lineTo(x1, top);
  context.lineTo(x1, bottom);
  context.stroke();
}
