import { formatAxisTime } from '../format/clock.ts';
import { type Geometry, timeOfX, xOfTime } from './geometry.ts';
import { figureFont, type Inks } from './inks.ts';
import { buildTimeTicks } from './time-ticks.ts';

const zoneAt = (time: number): number => -new Date(time).getTimezoneOffset() * 60_000;

/** The time axis: small ticks 2 px, labelled ones 5 px. The right end has no label: it is now. */
export function drawTimeAxis(context: CanvasRenderingContext2D, g: Geometry, inks: Inks): void {
  const { area } = g;
  const to = timeOfX(g, area.right);
  const from = timeOfX(g, area.left);
  const { step, major, minor } = buildTimeTicks(from, to, area.right - area.left, zoneAt);
  context.fillStyle = inks.ruleStrong;
  for (const t of minor) context.fillRect(Math.round(xOfTime(g, t)), area.bottom, 1, 3);
  context.font = figureFont(inks);
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  for (const t of major) {
    const x = Math.round(xOfTime(g, t));
    context.fillStyle = inks.ruleStrong;
    context.fillRect(x, area.bottom, 1, 5);
    const text = formatAxisTime(t, step);
    const half = text.length * 3.3;
    if (x + half > area.right - 4 || x - half < 0) continue;
    context.fillStyle = inks.ink3;
    context.fillText(text, x, area.bottom + 15);
  }
}
