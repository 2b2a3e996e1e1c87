import { formatMoment } from '../format/clock.ts';
import { type Geometry, xOfColumn, xOfTime, yOfValue } from './geometry.ts';
import { figureFont } from './inks.ts';
import { drawLabels, labelsAt } from './labels.ts';
import type { PlotState } from './plot-state.ts';
import { columnOf } from './strip-columns.ts';

/** The window that a time reads. A line has its value at the end of the window, a bar over all of it. */
export const windowAt = (state: Pick<PlotState, 'kind' | 'data'>, time: number): number =>
  state.kind === 'bars'
    ? Math.floor(time / state.data.window)
    : Math.ceil(time / state.data.window - 1e-9) - 1;

/** The reading time nearest to `time` that this plot has: the end of a window, the middle of a bar. */
export function snapTime(state: PlotState, time: number): number {
  const { window } = state.data;
  return state.kind === 'bars'
    ? Math.floor(time / window) * window + window / 2
    : Math.round(time / window) * window;
}

/** The cross-hair on its own canvas: a hairline, dots on the traces, the labels as readout, the time on the axis. */
export function drawReadout(
  context: CanvasRenderingContext2D,
  g: Geometry,
  state: PlotState,
  time: number,
): void {
  const x = Math.floor(xOfTime(g, time));
  if (x < g.area.left || x > g.area.right) return;
  const { inks } = state;
  const index = windowAt(state, time);
  const labels = labelsAt(state, index);
  context.fillStyle = inks.ground;
  context.fillRect(g.area.right + 1, 0, g.width - g.area.right - 1, g.height);
  context.fillStyle = inks.ink1;
  context.fillRect(x, g.area.top - 2, 1, g.area.bottom - g.area.top + 2);
  // A bar has its value everywhere, a line at the end of the window.
  const vertex = state.kind === 'bars' ? x : xOfColumn(g, columnOf(index, g.perWindow));
  const dot = Math.max(g.area.left, Math.min(g.area.right, vertex));
  for (const label of labels)
    if (!Number.isNaN(label.at)) drawDot(context, state, dot, yOfValue(g, label.at));
  drawLabels(context, g, labels, state);
  drawFlag(context, g, state, x, formatMoment(time, state.edge));
}

function drawDot(context: CanvasRenderingContext2D, { inks }: PlotState, x: number, y: number): void {
  context.beginPath();
  context.arc(x + 0.5, y, 3, 0, 2 * Math.PI);
  context.fillStyle = inks.ground;
  context.fill();
  context.strokeStyle = inks.ink1;
  context.lineWidth = 1.5;
  context.stroke();
}

function drawFlag(
  context: CanvasRenderingContext2D,
  g: Geometry,
  { inks }: PlotState,
  x: number,
  text: string,
): void {
  const width = Math.ceil((text.length * 6.6) / 2) * 2 + 5;
  const left = Math.max(0, Math.min(x - width / 2, g.width - width));
  context.fillStyle = inks.ink1;
  context.fillRect(Math.round(left), g.area.bottom + 3, width, 15);
  context.fillStyle = inks.ground;
  context.font = figureFont(inks);
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillText(text, Math.round(left) + width / 2, g.area.bottom + 14);
}
