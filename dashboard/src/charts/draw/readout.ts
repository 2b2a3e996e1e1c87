import { figureFont } from '../ink/inks.ts';
import { barColumns } from '../strip/strip-columns.ts';
import { placeTimeLabels, type TimeLabel } from './draw-axis.ts';
import { placeBegin } from './draw-begin.ts';
import { placeGaps } from './draw-gaps.ts';
import { type Geometry, momentLabel, timeOfX, windowAt, xOfColumn, xOfWindow, yOfValue } from './geometry.ts';
import { drawLabels, type Label, labelsAt } from './labels.ts';
import type { Box } from './occupied.ts';
import type { PlotState } from './plot-state.ts';

/** The flag on the axis: its height, and its distance from the time axis and from its own text. */
const FLAG = { top: 1, height: 17, text: 14, pad: 3 };
const FIGURE = 6.6;
/** The least distance of the hairline from a label. */
const CLEAR = 3;

/** The cross-hair on its own canvas: a hairline, dots on the traces, the labels as readout, the time on the axis. */
export function drawReadout(
  context: CanvasRenderingContext2D,
  g: Geometry,
  state: PlotState,
  time: number,
): void {
  const { inks, data } = state;
  const index = windowAt(data.times, time);
  const { startOf } = data.times;
  if (startOf(index + 1) <= timeOfX(g, g.area.left) || startOf(index) >= state.edge) return;
  const x = readingX(g, state, index);
  const labels = labelsAt(state, index);
  context.fillStyle = inks.ground;
  context.fillRect(g.area.right + 1, 0, g.width - g.area.right - 1, g.height);
  context.fillStyle = inks.ink1;
  for (const [from, to] of hairline(g, x, wordsIn(context, g, state)))
    context.fillRect(x, from, 1, to - from);
  for (const label of labels) if (!Number.isNaN(label.at)) drawDot(context, state, x, yOfValue(g, label.at));
  drawLabels(context, g, holdMissing(state, index, labels), state);
  const text = momentLabel({ kind: state.kind, times: data.times }, time, {
    now: state.edge,
    formats: state.formats,
  });
  drawFlag(context, g, state, { x, text });
}

/** Where a plot reads a window, whatever time another plot is read at: at the value of a line, in the middle of a bar. */
export function readingX(g: Geometry, { kind }: Pick<PlotState, 'kind'>, index: number): number {
  const within = (x: number): number => Math.max(g.area.left, Math.min(g.area.right, x));
  if (kind !== 'bars') return Math.floor(within(xOfWindow(g, index)));
  const { left, right } = barColumns(index, g.windows, 0);
  return Math.floor((within(xOfColumn(g, left)) + within(xOfColumn(g, right))) / 2);
}

/** Where there are words in the plot itself. */
function wordsIn(context: CanvasRenderingContext2D, g: Geometry, state: PlotState): Box[] {
  const begin = placeBegin(context, g, state)?.words?.box;
  const gaps = placeGaps(context, g, state).flatMap(({ label }) => label ?? []);
  return begin === undefined ? gaps : [...gaps, begin];
}

/** Returns the parts of the hairline from top to bottom: it does not cross words. */
export function hairline(g: Pick<Geometry, 'area'>, x: number, words: readonly Box[]): [number, number][] {
  const crossed = words
    .filter(({ left, right }) => x > left - CLEAR && x < right + CLEAR)
    .sort((a, b) => a.top - b.top);
  const starts = [g.area.top - 2, ...crossed.map(({ bottom }) => bottom)];
  const ends = [...crossed.map(({ top }) => top), g.area.bottom];
  return starts.map((from, i): [number, number] => [from, ends[i]!]).filter(([from, to]) => to > from);
}

/** Gives each missing value a dash, at the height of the last value of its trace. */
export function holdMissing(state: PlotState, index: number, labels: readonly Label[]): Label[] {
  const { data } = state;
  const held = labels.map((label) => label.at);
  for (let i = index - 1; i >= data.first && held.some(Number.isNaN); i--)
    labelsAt(state, i).forEach((label, t) => {
      if (Number.isNaN(held[t]!)) held[t] = label.at;
    });
  return labels.map((label, t) =>
    Number.isNaN(label.at) ? { ...label, at: Number.isNaN(held[t]!) ? 0 : held[t]!, missing: true } : label,
  );
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

/** Returns the place of the flag: at its hairline, and within the plot and its labels. */
export function placeFlag(
  g: Pick<Geometry, 'area' | 'width'>,
  x: number,
  text: string,
): { left: number; width: number } {
  const width = Math.ceil((text.length * FIGURE) / 2) * 2 + 2 * FLAG.pad;
  return { left: Math.round(Math.max(g.area.left, Math.min(x - width / 2, g.width - width))), width };
}

/** Returns the labels of the axis that the flag touches; each is hidden as a whole. */
export const coveredBy = (
  { left, width }: { left: number; width: number },
  labels: readonly TimeLabel[],
): TimeLabel[] => labels.filter((label) => label.right > left - CLEAR && label.left < left + width + CLEAR);

/** A time on the axis, in reverse. */
export function drawFlag(
  context: CanvasRenderingContext2D,
  g: Geometry,
  { inks, formats }: PlotState,
  { x, text }: { x: number; text: string },
): void {
  const { left, width } = placeFlag(g, x, text);
  const top = g.area.bottom + FLAG.top;
  context.fillStyle = inks.ground;
  for (const label of coveredBy({ left, width }, placeTimeLabels(g, formats).labels))
    context.fillRect(label.left - 1, g.area.bottom + 5, label.right - label.left + 2, FLAG.height - 2);
  context.fillStyle = inks.ink1;
  context.fillRect(left, top, width, FLAG.height);
  context.fillStyle = inks.ground;
  context.font = figureFont(inks);
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.fillText(text, left + width / 2, g.area.bottom + FLAG.text);
}
