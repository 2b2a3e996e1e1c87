import { figureFont, type Inks, inkOf, labelFont } from '../ink/inks.ts';
import { createBands, writeBands } from '../trace/bands.ts';
import type { Trace, TraceSet } from '../trace/trace.ts';
import { chooseLabels } from './choose-labels.ts';
import { clip, clipApart } from './clip.ts';
import { type Geometry, yOfValue } from './geometry.ts';
import { closedAt, openAt, type PlotState } from './plot-state.ts';
import { spreadLabels } from './spread-labels.ts';

/** A name and a value right of the now line, joined to its trace. */
export interface Label {
  name: string;
  text: string;
  color: string;
  /** The value that the joint starts from; NaN leaves the label out. */
  at: number;
  /** The trace's own value, by which labels are chosen where not all fit. */
  value: number;
  /** Whether there is no value: the label only keeps its place, and nothing is joined to it. */
  missing?: boolean;
}

const GAP = 13;
/** From the now line to the name, and the advance of one mono figure at 11 px. */
const NAME_AT = 12;
const ADVANCE = 6.6;
/** Beyond this many windows without a value a trace has no current one. */
const RECENT = 3;

/** The labels of the newest values. */
export function currentLabels(state: PlotState): Label[] {
  const { data } = state;
  const [closed, open] = [closedAt(state), openAt(state)];
  if (data.stacked) return labelsAt(state, newestOf(state, closed, open));
  const [only] = data.traces;
  if (state.kind === 'bars' && only !== undefined && data.traces.length === 1) {
    const labels = [labelOf(state, only, data.value(only, closed - 1), 'last full')];
    if (open > closed) labels.push(labelOf(state, only, data.value(only, open - 1), 'so far'));
    return labels.filter((label) => !Number.isNaN(label.at));
  }
  return data.traces.map((trace) => labelOf(state, trace, recent(state, trace, closed, open)));
}

/** The labels as they were in one window. In a stack each stands at the top of its band, with the value of its own. */
export function labelsAt(state: PlotState, index: number): Label[] {
  const { data } = state;
  const name = state.kind === 'bars' && data.traces.length === 1 ? 'read' : undefined;
  if (!data.stacked) return data.traces.map((trace) => labelOf(state, trace, data.value(trace, index), name));
  const bands = createBands(data.traces.length);
  writeBands(data, index, bands);
  const labels = data.traces.map((trace, t) => {
    const value = data.value(trace, index);
    const top = bands.top[t]!;
    // In a stack that stands, a missing value is a zero.
    return { ...labelOf(state, trace, Number.isNaN(value) && !Number.isNaN(top) ? 0 : value, name), at: top };
  });
  // From the top: bands without height have their labels in the order of the stack.
  return labels.reverse();
}

const labelOf = (state: PlotState, trace: Trace, value: number, name = trace.name): Label => ({
  name,
  text: state.format(Number.isNaN(value) ? null : value),
  color: inkOf(state.inks, trace.slot),
  at: value,
  value,
});

function recent(state: PlotState, trace: Trace, closed: number, open: number): number {
  for (let i = closed - 1; i >= closed - RECENT; i--) {
    const value = state.data.value(trace, i);
    if (!Number.isNaN(value)) return value;
  }
  // A trace that begins in the open window has only that value.
  return open > closed ? state.data.value(trace, open - 1) : Number.NaN;
}

/** The window that the labels of a stack tell of: all of one, since they are read as parts of a whole. */
function newestOf({ data }: PlotState, closed: number, open: number): number {
  const bands = createBands(data.traces.length);
  for (let i = closed - 1; i >= closed - RECENT; i--) {
    writeBands(data, i, bands);
    if (bands.top.some((top) => !Number.isNaN(top))) return i;
  }
  return open > closed ? open - 1 : closed - 1;
}

/** Says which traces are drawn in no way; empty where all are. */
export const hiddenWords = ({ hidden }: Pick<TraceSet, 'hidden'>): string =>
  hidden === 0 ? '' : `${hidden.toLocaleString()} more not drawn`;

/** 13 px apart, in ink; the colour is in the joint. Where not all fit, the largest stay and the rest is a number. */
export function drawLabels(
  context: CanvasRenderingContext2D,
  g: Geometry,
  labels: readonly Label[],
  { inks, data }: PlotState,
): void {
  const { right, top, bottom } = g.area;
  const room = Math.max(1, Math.floor((bottom - top - 6) / GAP) + 1);
  const hidden = hiddenWords(data);
  const { shown, more } = chooseLabels(labels, hidden === '' ? room : Math.max(1, room - 1));
  const rest = [more > 0 ? `${more} more` : '', hidden].filter((words) => words !== '');
  const anchors = shown.map((label) => yOfValue(g, label.at));
  const places = spreadLabels(anchors, GAP, top + 4, bottom - 4 - rest.length * GAP);
  rest.reverse().forEach((words, i) => {
    drawRest(context, g, bottom - 4 - i * GAP, words, inks);
  });
  const end = endOf(context, g, shown, inks);
  context.font = labelFont(inks);
  const names = clipApart(
    context,
    shown.map(({ name, text }) => ({ text: name, width: end - right - NAME_AT - text.length * ADVANCE - 6 })),
  );
  shown.forEach((label, i) => {
    joint(context, right, label.missing ? null : anchors[i]!, places[i]!, label.color);
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    context.font = labelFont(inks);
    context.fillStyle = inks.ink2;
    context.fillText(names[i]!, right + NAME_AT, places[i]! + 0.5);
    context.textAlign = 'right';
    context.font = figureFont(inks);
    context.fillStyle = inks.ink1;
    context.fillText(label.text, end, places[i]! + 0.5);
  });
}

/** Where the figures end: near their names, in steps, so that a digit more does not move them each time. */
function endOf(context: CanvasRenderingContext2D, g: Geometry, labels: readonly Label[], inks: Inks): number {
  context.font = labelFont(inks);
  const names = Math.max(0, ...labels.map((label) => context.measureText(label.name).width));
  const figures = Math.max(0, ...labels.map((label) => label.text.length)) * ADVANCE;
  return Math.min(g.width, g.area.right + Math.ceil((NAME_AT + names + 12 + figures) / 12) * 12);
}

function joint(
  context: CanvasRenderingContext2D,
  right: number,
  from: number | null,
  to: number,
  color: string,
): void {
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.beginPath();
  if (from !== null) context.moveTo(right + 1, from);
  context.lineTo(right + 5, to + 0.5);
  context.lineTo(right + 9, to + 0.5);
  context.stroke();
}

function drawRest(
  context: CanvasRenderingContext2D,
  g: Geometry,
  y: number,
  words: string,
  inks: Inks,
): void {
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.font = labelFont(inks);
  context.fillStyle = inks.ink3;
  context.fillText(clip(context, words, g.width - g.area.right - NAME_AT), g.area.right + NAME_AT, y + 0.5);
}
