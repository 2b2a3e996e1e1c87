import { chooseLabels } from './choose-labels.ts';
import { type Geometry, yOfValue } from './geometry.ts';
import { figureFont, type Inks, inkOf, labelFont } from './inks.ts';
import { closedAt, openAt, type PlotState } from './plot-state.ts';
import { spreadLabels } from './spread-labels.ts';
import { stackTop } from './strip.ts';
import type { Trace } from './trace.ts';

/** A name and a value right of the now line, joined to its trace. */
export interface Label {
  name: string;
  text: string;
  color: string;
  /** The value that the joint starts from; NaN leaves the label out. */
  at: number;
  /** The trace's own value, by which labels are chosen where not all fit. */
  value: number;
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
  if (state.kind === 'bars' && data.traces.length === 1) {
    const color = inkOf(state.inks, data.traces[0]!.slot);
    const at = (name: string, value: number): Label => ({
      name,
      text: state.format(value),
      color,
      at: value,
      value,
    });
    const labels = [at('closed', data.value(data.traces[0]!, closed - 1))];
    if (open > closed) labels.push(at('open', data.value(data.traces[0]!, open - 1)));
    return labels.filter((label) => !Number.isNaN(label.at));
  }
  return data.traces.map((trace, i) => {
    const value = recent(state, trace, closed, open);
    const at = state.kind === 'bars' ? stackTop(data, data.traces.slice(0, i + 1), closed - 1) : value;
    return { name: trace.name, text: state.format(value), color: inkOf(state.inks, trace.slot), at, value };
  });
}

function recent(state: PlotState, trace: Trace, closed: number, open: number): number {
  for (let i = closed - 1; i >= closed - RECENT; i--) {
    const value = state.data.value(trace, i);
    if (!Number.isNaN(value)) return value;
  }
  // A trace that begins in the open window has only that value.
  return open > closed ? state.data.value(trace, open - 1) : Number.NaN;
}

/** The labels as they were in one window. */
export function labelsAt(state: PlotState, index: number): Label[] {
  const { data } = state;
  return data.traces.map((trace, i) => {
    const value = data.value(trace, index);
    const at = state.kind === 'bars' ? stackTop(data, data.traces.slice(0, i + 1), index) : value;
    const name = state.kind === 'bars' && data.traces.length === 1 ? 'read' : trace.name;
    return {
      name,
      text: state.format(Number.isNaN(value) ? null : value),
      color: inkOf(state.inks, trace.slot),
      at,
      value,
    };
  });
}

/** Room that labels need, CSS pixels, in steps of 4 so that a digit more does not move the plot each time. */
export function gutterOf(context: CanvasRenderingContext2D, labels: readonly Label[], inks: Inks): number {
  context.font = labelFont(inks);
  const names = Math.max(0, ...labels.map((l) => context.measureText(l.name).width));
  const figures = Math.max(0, ...labels.map((l) => l.text.length)) * ADVANCE;
  return labels.length === 0 ? 1 : Math.ceil((NAME_AT + names + 8 + figures + 1) / 4) * 4;
}

/** 13 px apart, in ink; the colour is in the joint. Where not all fit, the largest stay and the rest is a number. */
export function drawLabels(
  context: CanvasRenderingContext2D,
  g: Geometry,
  labels: readonly Label[],
  inks: Inks,
): void {
  const { right, top, bottom } = g.area;
  const room = Math.max(1, Math.floor((bottom - top - 6) / GAP) + 1);
  const { shown, more } = chooseLabels(labels, room);
  const anchors = shown.map((label) => yOfValue(g, label.at));
  const places = spreadLabels(anchors, GAP, top + 4, bottom - 4 - (more > 0 ? GAP : 0));
  if (more > 0) drawMore(context, right, bottom - 4, more, inks);
  shown.forEach((label, i) => {
    joint(context, right, anchors[i]!, places[i]!, label.color);
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    context.font = labelFont(inks);
    context.fillStyle = inks.ink2;
    const figures = label.text.length * ADVANCE;
    context.fillText(
      clip(context, label.name, g.width - right - NAME_AT - figures - 6),
      right + NAME_AT,
      places[i]! + 0.5,
    );
    context.textAlign = 'right';
    context.font = figureFont(inks);
    context.fillStyle = inks.ink1;
    context.fillText(label.text, g.width, places[i]! + 0.5);
  });
}

function joint(
  context: CanvasRenderingContext2D,
  right: number,
  from: number,
  to: number,
  color: string,
): void {
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(right + 1, from);
  context.lineTo(right + 5, to + 0.5);
  context.lineTo(right + 9, to + 0.5);
  context.stroke();
}

function drawMore(
  context: CanvasRenderingContext2D,
  right: number,
  y: number,
  more: number,
  inks: Inks,
): void {
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.font = labelFont(inks);
  context.fillStyle = inks.ink3;
  context.fillText(`${more} more`, right + NAME_AT, y + 0.5);
}

function clip(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let cut = text.slice(0, Math.ceil(Math.max(0, width) / 3));
  while (cut.length > 1 && context.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1);
  return `${cut}…`;
}
