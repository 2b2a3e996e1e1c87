import { formatMoment } from '../../format/format-time.ts';
import { labelFont } from '../ink/inks.ts';
import { type Geometry, timeOfX, xOfTime } from './geometry.ts';
import type { PlotState } from './plot-state.ts';

/** From the bottom of the plot, since the words of holes are at its top, to the words, and from the line to them, CSS pixels. */
const LABEL = { above: 7, apart: 6 };
/** Closer to the left end than this there is nothing to say. */
const LEAST = 8;

/** The place where history begins, CSS pixels, and the words beside it: left of it where nothing is drawn, if they fit there. */
export interface BeginMark {
  x: number;
  text: string;
  side: 'left' | 'right';
}

/** Returns where history begins; null where that is not within the plot. */
export function placeBegin(
  context: Pick<CanvasRenderingContext2D, 'font' | 'measureText'>,
  g: Geometry,
  { data, inks, edge }: PlotState,
): BeginMark | null {
  const { area } = g;
  const { begins, times } = data;
  if (begins === null || begins >= edge) return null;
  // The window that it begins in is drawn.
  const drawn = times.startOf(times.indexAt(begins));
  if (drawn <= timeOfX(g, area.left + LEAST)) return null;
  const x = Math.round(xOfTime(g, drawn));
  const text = `history begins ${formatMoment(begins, edge)}`;
  context.font = labelFont(inks);
  const room = x - area.left - LABEL.apart;
  return { x, text, side: context.measureText(text).width <= room ? 'left' : 'right' };
}

/** A dotted line where history begins: what is left of it is not known, and not drawn. */
export function drawBegin(context: CanvasRenderingContext2D, g: Geometry, state: PlotState): void {
  const mark = placeBegin(context, g, state);
  if (mark === null) return;
  const { inks } = state;
  const { top, bottom } = g.area;
  context.fillStyle = inks.ink3;
  for (let y = top - 2; y < bottom; y += 4) context.fillRect(mark.x, y, 1, 2);
  context.font = labelFont(inks);
  context.textAlign = mark.side === 'left' ? 'right' : 'left';
  context.textBaseline = 'alphabetic';
  const x = mark.side === 'left' ? mark.x - LABEL.apart : mark.x + LABEL.apart;
  // The outline keeps the words readable over a trace.
  context.strokeStyle = inks.ground;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeText(mark.text, x, bottom - LABEL.above);
  context.fillStyle = inks.ink2;
  context.fillText(mark.text, x, bottom - LABEL.above);
}
