import type { Inks } from '../ink/inks.ts';
import type { Geometry } from './geometry.ts';
import type { EdgeMode } from './plot-state.ts';

const STEP = 3;

/** How the edge looks: `fresh` while what it shows is younger than 2 s and that is news. */
export type EdgeLook = EdgeMode | 'fresh';

/** The newest 2 s: two flat steps left of the now line, under the data. Only a window that has just closed glows. */
export function drawGlow(
  context: CanvasRenderingContext2D,
  g: Geometry,
  inks: Inks,
  look: EdgeLook,
  spark: boolean,
): void {
  if (look !== 'fresh') return;
  const { right, top, bottom } = g.area;
  const head = spark ? 0 : 2;
  context.fillStyle = inks.signal;
  context.globalAlpha = inks.glowNear;
  context.fillRect(right - STEP, top - head, STEP, bottom - top + head);
  context.globalAlpha = inks.glowFar;
  if (!spark) context.fillRect(right - 2 * STEP, top - head, STEP, bottom - top + head);
  context.globalAlpha = 1;
}

/** The now line itself, over the data: grey while live, signal while it glows, ink while paused, dotted while nothing arrives. */
export function drawNowLine(
  context: CanvasRenderingContext2D,
  g: Geometry,
  inks: Inks,
  look: EdgeLook,
  spark: boolean,
): void {
  if (look === 'closed') return;
  const { right, bottom } = g.area;
  const top = g.area.top - (spark ? 0 : 2);
  const ink = { fresh: inks.signalLine, live: inks.ink3, paused: inks.ink2, waiting: null, stale: null }[
    look
  ];
  if (ink !== null) {
    context.fillStyle = ink;
    context.fillRect(right, top, 1, bottom - top);
    return;
  }
  context.fillStyle = inks.ink3;
  for (let y = top; y < bottom; y += 4) context.fillRect(right, y, 1, 1);
}
