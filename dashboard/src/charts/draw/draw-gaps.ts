import { formatSpan } from '../../format/format-duration.ts';
import { type Inks, labelFont } from '../ink/inks.ts';
import type { TraceSet } from '../trace/trace.ts';
import { type Geometry, xOfWindow } from './geometry.ts';
import { type Box, occupiedBoxes, touches } from './occupied.ts';
import { closedAt, type PlotState } from './plot-state.ts';

/** Narrower holes have no bracket. */
const LEAST_WIDTH = 16;
/** Distances of the bracket from the top of the plot; of its label from the bracket, other labels and the now line; and of its lines. */
const BRACKET = 18.5;
const LABEL = { above: 5, height: 10, apart: 8, edge: 8, row: 13 };

/** A bracket over a hole, CSS pixels, what to say there, and the box of its words; null where they would cover data or other words. */
export interface GapLabel {
  left: number;
  right: number;
  text: string;
  label: ({ text: string; y: number } & Box) | null;
}

type Measure = Pick<CanvasRenderingContext2D, 'font' | 'measureText'>;

/** A hole is drawn as a hole: a bracket above it says how long nothing came. Returns the brackets. */
export function drawGaps(context: CanvasRenderingContext2D, g: Geometry, state: PlotState): GapLabel[] {
  const gaps = placeGaps(context, g, state);
  for (const gap of gaps) drawBracket(context, g, state.inks, gap);
  return gaps;
}

/** Returns the brackets of a plot, oldest first; labels never overlap. */
export function placeGaps(context: Measure, g: Geometry, state: PlotState): GapLabel[] {
  const { data, edge, range, inks } = state;
  const from = Math.max(data.first, data.times.indexAt(edge - range));
  const placed: GapLabel[] = [];
  context.font = labelFont(inks);
  let free = g.area.left;
  for (const gap of findGaps(data, from, closedAt(state))) {
    // Values are drawn at the end of their windows: the hole lies between the neighbours' ends, or goes on until now.
    const left = Math.round(xOfWindow(g, gap.from - 1)) + 0.5;
    const right = Math.round(Math.min(xOfWindow(g, gap.to), g.area.right)) + 0.5;
    if (right - left < LEAST_WIDTH) continue;
    const span = formatSpan(data.times.startOf(gap.to) - data.times.startOf(gap.from));
    const text = `no data ${span}`;
    const label = placeLabel(context, g, state, { left, right, free, texts: [text, span] });
    placed.push({ left, right, text, label });
    if (label !== null) free = label.right + LABEL.apart;
  }
  return placed;
}

/**
 * The first place where the words of a hole cover no data: above its bracket, else below it; in its middle, else from one of its ends
 * on; the longest words first.
 */
function placeLabel(
  context: Measure,
  g: Geometry,
  state: PlotState,
  { left, right, free, texts }: { left: number; right: number; free: number; texts: readonly string[] },
): GapLabel['label'] {
  const widest = context.measureText(texts[0]!).width;
  const taken = occupiedBoxes(g, state, left - widest, right + widest);
  const first = g.area.top + BRACKET - LABEL.above;
  const rows = Math.max(0, Math.floor((g.area.bottom - LABEL.above - first) / LABEL.row) - 1);
  const below = Array.from({ length: rows }, (_, i) => first + (i + 2) * LABEL.row);
  for (const text of texts) {
    const { width } = context.measureText(text);
    const most = g.area.right - width - LABEL.edge;
    for (const y of [first, ...below]) {
      for (const at of [(left + right - width) / 2, right - width, left]) {
        const from = Math.min(Math.max(g.area.left, at), most);
        const box = { left: from, right: from + width, top: y - LABEL.height, bottom: y + 3 };
        if (from >= free && !taken.some((other) => touches(box, other))) return { text, y, ...box };
      }
    }
  }
  return null;
}

/** Returns what a bracket says at a place under it, CSS pixels; empty where it is elsewhere or says all of it already. */
export const gapHint = (gaps: readonly GapLabel[], x: number): string =>
  gaps.find((gap) => x >= gap.left && x <= gap.right && gap.label?.text !== gap.text)?.text ?? '';

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
  // The outline keeps the label readable over the grid.
  context.strokeStyle = inks.ground;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeText(label.text, (label.left + label.right) / 2, label.y);
  context.fillStyle = inks.ink2;
  context.fillText(label.text, (label.left + label.right) / 2, label.y);
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
