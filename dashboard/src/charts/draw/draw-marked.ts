import { type Geometry, xOfTime } from './geometry.ts';
import type { PlotState } from './plot-state.ts';
import { drawFlag } from './readout.ts';

/** The ink bar on top of a marked time, CSS pixels, and the least width of its column. */
const CAP = 2;
const LEAST = 2;

/** Returns the column of a marked time as far as it is in the plot, CSS pixels; null where none of it is. */
export function placeMarked(
  g: Geometry,
  { marked = null }: Pick<PlotState, 'marked'>,
): { left: number; right: number } | null {
  if (marked === null) return null;
  const { area } = g;
  const [from, to] = [Math.floor(xOfTime(g, marked.from)), Math.floor(xOfTime(g, marked.to))];
  if (to < area.left || from > area.right) return null;
  const left = Math.max(area.left, Math.min(from, area.right - LEAST));
  return { left, right: Math.min(area.right, Math.max(to, left + LEAST)) };
}

/** The column of a marked time, under the data. */
export function drawMarked(context: CanvasRenderingContext2D, g: Geometry, state: PlotState): void {
  const place = placeMarked(g, state);
  if (place === null) return;
  const { left, right } = place;
  const { top, bottom } = g.area;
  context.fillStyle = state.inks.ground3;
  context.fillRect(left, top, right - left, bottom - top);
  context.fillStyle = state.inks.ink1;
  context.fillRect(left, top - CAP, right - left, CAP);
}

/** The time of it, on the axis. */
export function drawMarkedFlag(context: CanvasRenderingContext2D, g: Geometry, state: PlotState): void {
  const place = placeMarked(g, state);
  if (place === null || state.marked == null || state.marked.label === '') return;
  drawFlag(context, g, state, { x: Math.round((place.left + place.right) / 2), text: state.marked.label });
}
