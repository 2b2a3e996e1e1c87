import { formatSpan } from '../../format/format-duration.ts';
import { type Inks, labelFont } from '../ink/inks.ts';
import { findGaps } from '../trace/find-gaps.ts';
import { type Geometry, xOfWindow } from './geometry.ts';
import { closedAt, type PlotState } from './plot-state.ts';

/** Narrower holes are left to speak for themselves. */
const LEAST_WIDTH = 16;
/** Of the bracket below the head of the plot, and of its words above it. */
const BRACKET = 18.5;
const WORDS = { above: 5, height: 10, apart: 8 };

/** A bracket over a hole, CSS pixels, and the box of its words; null where others stand in their place. */
export interface GapWords {
  left: number;
  right: number;
  words: { text: string; left: number; right: number; top: number; bottom: number } | null;
}

/** A hole is drawn as a hole: a bracket above it says how long nothing came. */
export function drawGaps(context: CanvasRenderingContext2D, g: Geometry, state: PlotState): void {
  for (const gap of placeGaps(context, g, state)) drawBracket(context, g, state.inks, gap);
}

/** The brackets of a plot, oldest first; words never lie over each other. */
export function placeGaps(
  context: Pick<CanvasRenderingContext2D, 'font' | 'measureText'>,
  g: Geometry,
  state: PlotState,
): GapWords[] {
  const { data, edge, range, inks } = state;
  const from = Math.max(data.first, Math.floor((edge - range) / data.window));
  const placed: GapWords[] = [];
  context.font = labelFont(inks);
  let free = Number.NEGATIVE_INFINITY;
  for (const gap of findGaps(data, from, closedAt(state))) {
    // Values stand at the end of their windows: the hole lies between the neighbours' ends, or goes on until now.
    const left = Math.round(xOfWindow(g, gap.from - 1)) + 0.5;
    const right = Math.round(Math.min(xOfWindow(g, gap.to), g.area.right)) + 0.5;
    if (right - left < LEAST_WIDTH) continue;
    const text = `no data ${formatSpan((gap.to - gap.from) * data.window)}`;
    const half = context.measureText(text).width / 2;
    const middle = Math.max(g.area.left + half, Math.min((left + right) / 2, g.area.right - half - 8));
    const bottom = g.area.top + BRACKET - WORDS.above + 3;
    const box = { left: middle - half, right: middle + half, top: bottom - WORDS.height - 3, bottom };
    const fits = box.left >= free;
    placed.push({ left, right, words: fits ? { text, ...box } : null });
    if (fits) free = box.right + WORDS.apart;
  }
  return placed;
}

function drawBracket(
  context: CanvasRenderingContext2D,
  g: Geometry,
  inks: Inks,
  { left, right, words }: GapWords,
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
  if (words === null) return;
  context.font = labelFont(inks);
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  // Words over a trace beside the hole stay words.
  context.strokeStyle = inks.ground;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeText(words.text, (words.left + words.right) / 2, y - WORDS.above);
  context.fillStyle = inks.ink2;
  context.fillText(words.text, (words.left + words.right) / 2, y - WORDS.above);
}
