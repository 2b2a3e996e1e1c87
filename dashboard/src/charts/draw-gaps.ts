import { formatSpan } from '../format/duration.ts';
import { findGaps } from './find-gaps.ts';
import { type Geometry, xOfWindow } from './geometry.ts';
import { type Inks, labelFont } from './inks.ts';
import { closedAt, type PlotState } from './plot-state.ts';

/** Narrower holes are left to speak for themselves. */
const LEAST_WIDTH = 16;

/** A hole is drawn as a hole: a bracket above it says how long nothing came. */
export function drawGaps(context: CanvasRenderingContext2D, g: Geometry, state: PlotState): void {
  const { data, edge, range, inks } = state;
  const from = Math.max(data.first, Math.floor((edge - range) / data.window));
  for (const gap of findGaps(data, from, closedAt(state))) {
    // Values stand at the end of their windows: the hole lies between the neighbours' ends, or goes on until now.
    const left = Math.round(xOfWindow(g, gap.from - 1)) + 0.5;
    const right = Math.round(Math.min(xOfWindow(g, gap.to), g.area.right)) + 0.5;
    if (right - left < LEAST_WIDTH) continue;
    drawBracket(context, g, inks, left, right, `no data ${formatSpan((gap.to - gap.from) * data.window)}`);
  }
}

function drawBracket(
  context: CanvasRenderingContext2D,
  g: Geometry,
  inks: Inks,
  left: number,
  right: number,
  words: string,
): void {
  const y = g.area.top + 18.5;
  context.lineWidth = 1;
  context.strokeStyle = inks.ink3;
  context.beginPath();
  context.moveTo(left, y + 6);
  context.lineTo(left, y);
  context.lineTo(right, y);
  context.lineTo(right, y + 6);
  context.stroke();
  context.strokeStyle = inks.rule;
  context.setLineDash([1, 2]);
  context.beginPath();
  for (const x of [left, right]) {
    context.moveTo(x, y + 6);
    context.lineTo(x, g.area.bottom);
  }
  context.stroke();
  context.setLineDash([]);
  context.font = labelFont(inks);
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillStyle = inks.ink2;
  const half = context.measureText(words).width / 2;
  const middle = Math.max(g.area.left + half, Math.min((left + right) / 2, g.area.right - half - 8));
  context.fillText(words, middle, y - 5);
}
