import type { Geometry } from './geometry.ts';
import type { Inks } from './inks.ts';
import type { EdgeMode } from './plot-state.ts';

const STEP = 3;

/** The newest 2 s: two flat steps left of the now line, under the data. Only data that is arriving glows. */
export function drawGlow(
  context: CanvasRenderingContext2D,
  g: Geometry,
  inks: Inks,
  mode: EdgeMode,
  spark: boolean,
): void {
  if (mode !== 'live') return;
  const { right, top, bottom } = g.area;
  const head = spark ? 0 : 2;
  context.fillStyle = inks.signal;
  context.globalAlpha = inks.glowNear;
  context.fillRect(right - STEP, top - head, STEP, bottom - top + head);
  context.globalAlpha = inks.glowFar;
  if (!spark) context.fillRect(right - 2 * STEP, top - head, STEP, bottom - top + head);
  context.globalAlpha = 1;
}

/** The now line itself, over the data: signal while live, ink while paused, dotted while nothing arrives. */
export function drawNowLine(
  context: CanvasRenderingContext2D,
  g: Geometry,
  inks: Inks,
  mode: EdgeMode,
  spark: boolean,
): void {
  const { right, bottom } = g.area;
  const top = g.area.top - (spark ? 0 : 2);
  if (mode === 'live' || mode === 'paused') {
    context.fillStyle = mode === 'live' ? inks.signalLine : inks.ink2;
    context.fillRect(right, top, 1, bottom - top);
    return;
  }
  context.fillStyle = inks.ink3;
  for (let y = top; y < bottom; y += 4) context.fillRect(right, y, 1, 1);
}
