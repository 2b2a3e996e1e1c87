import { formatSpan } from '../../format/format-duration.ts';
import { type Inks, labelFont } from '../ink/inks.ts';
import type { TraceSet } from '../trace/trace.ts';
import { type Geometry, xOfWindow } from './geometry.ts';
import { closedAt, type PlotState } from './plot-state.ts';

/** Narrower holes have no bracket. */
const LEAST_WIDTH = 16;
/** Distances of the bracket from the top of the plot, and of its label from the bracket. */
const BRACKET = 18.5;
const LABEL = { above: 5, height: 10, apart: 8 };

/** A bracket over a hole, CSS pixels, and the box of its label; null where another label is in its place. */
export interface GapLabel {
  left: number;
  right: number;
  label: { text: string; left: number; right: number; top: number; bottom: number } | null;
}

/** A hole is drawn as a hole: a bracket above it says how long nothing came. */
export function drawGaps(context: CanvasRenderingContext2D, g: Geometry, state: PlotState): void {
  for (const gap of placeGaps(context, g, state)) drawBracket(context, g, state.inks, gap);
}

/** Returns the brackets of a plot, oldest first; labels never overlap. */
export function placeGaps(
  context: Pick<CanvasRenderingContext2D, 'font' | 'measureText'>,
  g: Geometry,
  state: PlotState,
): GapLabel[] {
  const { data, edge, range, inks } = state;
  const from = Math.max(data.first, data.times.indexAt(edge - range));
  const placed: GapLabel[] = [];
  context.font = labelFont(inks);
  let free = Number.NEGATIVE_INFINITY;
  for (const gap of findGaps(data, from, closedAt(state))) {
    // Values are drawn at the end of their windows: the hole lies between the neighbours' ends, or goes on until now.
    const left = Math.round(xOfWindow(g, gap.from - 1)) + 0.5;
    const right = Math.round(Math.min(xOfWindow(g, gap.to), g.area.right)) + 0.5;
    if (right - left < LEAST_WIDTH) continue;
    const text = `no data ${formatSpan(data.times.startOf(gap.to) - data.times.startOf(gap.from))}`;
    const half = context.measureText(text).width / 2;
    const middle = Math.max(g.area.left + half, Math.min((left + right) / 2, g.area.right - half - 8));
    const bottom = g.area.top + BRACKET - LABEL.above + 3;
    const box = { left: middle - half, right: middle + half, top: bottom - LABEL.height - 3, bottom };
    const fits = box.left >= free;
    placed.push({ left, right, label: fits ? { text, ...box } : null });
    if (fits) free = box.right + LABEL.apart;
  }
  return placed;
}

function drawBracket(
  context: CanvasRenderingContext2D,
  g: Geometry,
  inks: Inks,
  { left, right, label }: GapLabel,
): void {
  const y = g.area.top + BRACKET;
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
  if (label === null) return;
  context.font = labelFont(inks);
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  // The outline keeps the label readable over a trace beside the hole.
  context.strokeStyle = inks.ground;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeText(label.text, (label.left + label.right) / 2, y - LABEL.above);
  context.fillStyle = inks.ink2;
  context.fillText(label.text, (label.left + label.right) / 2, y - LABEL.above);
}

export interface Gap {
  /** Window numbers [from, to) without a value in any trace, after one with a value. */
  from: number;
  to: number;
}

const LEAST = 3;

/** Holes of at least three windows after a value, also at the end. Only where an empty window means no value. */
export function findGaps(data: TraceSet, from: number, to: number): Gap[] {
  if (data.zero) return [];
  const gaps: Gap[] = [];
  let last = -1;
  for (let i = from; i < to; i++) {
    if (!data.traces.some((trace) => !Number.isNaN(data.value(trace, i)))) continue;
    if (last >= 0 && i - last - 1 >= LEAST) gaps.push({ from: last + 1, to: i });
    last = i;
  }
  if (last >= 0 && to - last - 1 >= LEAST) gaps.push({ from: last + 1, to });
  return gaps;
}
