import type { Formats } from '../../format/formats.ts';
import { figureFont, type Inks, inkOf, labelFont } from '../ink/inks.ts';
import { createBands, writeBands } from '../trace/bands.ts';
import type { Trace, TraceSet } from '../trace/trace.ts';
import { clip, clipApart } from './clip.ts';
import { type Geometry, yOfValue } from './geometry.ts';
import { closedAt, openAt, type PlotState } from './plot-state.ts';
import { spreadLabels } from './spread-labels.ts';

/** A name and a value right of the now line, joined to its trace. */
export interface Label {
  name: string;
  /** Another name, where that has no room. */
  short?: string;
  text: string;
  color: string;
  /** The value that the joint starts from; NaN leaves the label out. */
  at: number;
  /** The trace's own value, by which labels are chosen where not all fit. */
  value: number;
  /** Whether there is no value: the label only keeps its place, and nothing is joined to it. */
  missing?: boolean;
  /** Whether it is of the earlier range: the first to go where not all fit. */
  earlier?: boolean;
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
  // Beside the values that are shown: the newest full ones, where there are any.
  const earlier = earlierLabels(state, closed > data.first ? closed - 1 : open - 1);
  const [only] = data.traces;
  if (state.kind === 'bars' && only !== undefined && data.traces.length === 1) {
    const labels = [{ ...labelOf(state, only, data.value(only, closed - 1), 'last full'), short: 'last' }];
    if (open > closed)
      labels.push({ ...labelOf(state, only, data.value(only, open - 1), 'so far'), short: 'now' });
    return [...labels, ...earlier].filter((label) => !Number.isNaN(label.at));
  }
  return [
    ...data.traces.map((trace) => labelOf(state, trace, recent(state, trace, closed, open))),
    ...earlier,
  ];
}

/** Returns the labels of one window. In a stack each label is at the top of its band and shows the value of its own trace. */
export function labelsAt(state: PlotState, index: number): Label[] {
  const { data } = state;
  const earlier = earlierLabels(state, index);
  const [only] = data.traces;
  if (state.kind === 'bars' && only !== undefined && data.traces.length === 1)
    return [{ ...labelOf(state, only, data.value(only, index), 'this bar'), short: 'bar' }, ...earlier];
  if (!data.stacked)
    return [...data.traces.map((trace) => labelOf(state, trace, data.value(trace, index))), ...earlier];
  const bands = createBands(data.traces.length);
  writeBands(data, index, bands);
  const labels = data.traces.map((trace, t) => {
    const value = data.value(trace, index);
    const top = bands.top[t]!;
    // In a stack without a hole, a missing value is a zero.
    return { ...labelOf(state, trace, Number.isNaN(value) && !Number.isNaN(top) ? 0 : value), at: top };
  });
  // From the top: bands without height have their labels in the order of the stack.
  return [...labels.reverse(), ...earlier];
}

/** What the earlier range had at the counterpart of a window. */
const earlierLabels = ({ data, format, inks }: PlotState, index: number): Label[] =>
  data.earlier.map(({ name, short, slot, value }) => {
    const at = value(index);
    const text = format(Number.isNaN(at) ? null : at);
    return { name, short, text, color: inkOf(inks, slot), at, value: at, earlier: true };
  });

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

/** Returns the window that the labels of a stack show: the same for all, since they are read as parts of a whole. */
function newestOf({ data }: PlotState, closed: number, open: number): number {
  const bands = createBands(data.traces.length);
  for (let i = closed - 1; i >= closed - RECENT; i--) {
    writeBands(data, i, bands);
    if (bands.top.some((top) => !Number.isNaN(top))) return i;
  }
  return open > closed ? open - 1 : closed - 1;
}

/** Returns how many traces are not drawn at all; empty where all are. */
export const hiddenLabel = (
  { hidden }: Pick<TraceSet, 'hidden'>,
  { fixed }: Pick<Formats, 'fixed'>,
): string => (hidden === 0 ? '' : `${fixed(hidden, 0)} more not drawn`);

/** 13 px apart, in ink; the colour is in the joint. Where not all fit, the largest stay and the rest is a number. */
export function drawLabels(
  context: CanvasRenderingContext2D,
  g: Geometry,
  labels: readonly Label[],
  { inks, data, formats }: PlotState,
): void {
  const { right, top, bottom } = g.area;
  const room = Math.max(1, Math.floor((bottom - top - 6) / GAP) + 1);
  const hidden = hiddenLabel(data, formats);
  const { shown, more } = chooseLabels(labels, hidden === '' ? room : Math.max(1, room - 1));
  const rest = [more > 0 ? `${more} more` : '', hidden].filter((label) => label !== '');
  const anchors = shown.map((label) => yOfValue(g, label.at));
  const places = spreadLabels(anchors, GAP, top + 4, bottom - 4 - rest.length * GAP);
  rest.reverse().forEach((label, i) => {
    drawRest(context, g, bottom - 4 - i * GAP, label, inks);
  });
  const end = endOf(context, g, shown, inks);
  context.font = labelFont(inks);
  const names = clipApart(
    context,
    shown.map(({ name, short, text }) => {
      const width = end - right - NAME_AT - text.length * ADVANCE - 6;
      return { text: context.measureText(name).width <= width ? name : (short ?? name), width };
    }),
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
  label: string,
  inks: Inks,
): void {
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.font = labelFont(inks);
  context.fillStyle = inks.ink3;
  context.fillText(clip(context, label, g.width - g.area.right - NAME_AT), g.area.right + NAME_AT, y + 0.5);
}

/** What of a label decides whether it is shown. */
export interface Ranked {
  /** Where its joint starts; NaN where the trace has no value now. */
  at: number;
  /** Its own value: what ranks it. */
  value: number;
  earlier?: boolean;
}

/** The most labels, even where there is room: eight, and their "others". */
const MOST = 9;

/**
 * Returns the labels that fit, in their own order, and how many traces have none. Where not all fit, the
 * largest values stay and one place is kept for the number of the others; those of an earlier range go first, all at once.
 */
export function chooseLabels<L extends Ranked>(
  labels: readonly L[],
  room: number,
): { shown: L[]; more: number } {
  const all = labels.filter((label) => !Number.isNaN(label.at));
  const most = Math.max(1, Math.min(MOST, room));
  const known = all.length <= most ? all : all.filter((label) => label.earlier !== true);
  if (known.length <= most) return { shown: known, more: 0 };
  const keep = Math.max(1, room > MOST ? MOST : most - 1);
  const sizeOf = ({ value }: L): number => Math.abs(value) || 0;
  const largest = new Set([...known].sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, keep));
  return { shown: known.filter((label) => largest.has(label)), more: known.length - keep };
}
