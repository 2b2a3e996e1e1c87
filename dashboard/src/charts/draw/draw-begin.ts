import { DAY, HOUR } from '#contracts/text/duration.ts';
import { labelFont } from '../ink/inks.ts';
import { placeGaps } from './draw-gaps.ts';
import { type Geometry, timeOfX, xOfTime } from './geometry.ts';
import { type Box, occupiedBoxes, touches } from './occupied.ts';
import type { PlotState } from './plot-state.ts';

/**
 * CSS pixels: from the line to the words, from the baseline of the lowest words to the bottom of the plot, what words take up above and
 * below their baseline, from one place to the next above it, and what stays free beside the now line.
 */
const LABEL = { apart: 6, lowest: 7, above: 11, below: 4, step: 13, edge: 8 };
/** Closer to the left end than this there is nothing to say. */
const LEAST = 8;
/** From the line to where its words are shown on request, to each side. */
const NEAR = 6;

type Measure = Pick<CanvasRenderingContext2D, 'font' | 'measureText'>;

/** The place where history begins, CSS pixels, what to say there, and where the words are: null where they have no room. */
export interface BeginMark {
  x: number;
  text: string;
  words: { text: string; x: number; y: number; side: 'left' | 'right'; box: Box } | null;
}

/** Returns where history begins; null where that is not within the plot. */
export function placeBegin(context: Measure, g: Geometry, state: PlotState): BeginMark | null {
  const { data, edge, formats } = state;
  const { begins, times } = data;
  if (begins === null || begins >= edge || times.length === 0) return null;
  // The window that it begins in is drawn.
  const drawn = times.startOf(times.indexAt(begins));
  if (drawn <= timeOfX(g, g.area.left + LEAST)) return null;
  const x = Math.round(xOfTime(g, drawn));
  const moment = momentOf(begins, state);
  const short = formats.moment(begins, edge, 'minute');
  const text = `history begins ${moment}`;
  const texts = [text, `begins ${moment}`, `begins ${moment.length < short.length ? moment : short}`];
  return { x, text, words: placeWords(context, g, state, x, texts) };
}

/** Returns a moment as exactly as a range needs: a day of a year, a minute of a day. */
function momentOf(time: number, { edge, range, formats }: PlotState): string {
  const isToday = formats.day(time) === formats.day(edge);
  if (range > 60 * DAY && !isToday) return formats.day(time);
  return formats.moment(time, edge, range >= 6 * HOUR ? 'minute' : 'second');
}

/**
 * The first place where words cover neither data nor other words: left of the line before right of it, since nothing of this range is
 * drawn there and they can stay; the longest first, and at the bottom before above.
 */
function placeWords(
  context: Measure,
  g: Geometry,
  state: PlotState,
  x: number,
  texts: readonly string[],
): BeginMark['words'] {
  const { left, right, top, bottom } = g.area;
  const taken: Box[] = placeGaps(context, g, state).flatMap(({ label }) => label ?? []);
  taken.push(...occupiedBoxes(g, state, left, right));
  context.font = labelFont(state.inks);
  for (const side of ['left', 'right'] as const) {
    for (const text of texts) {
      const { width } = context.measureText(text);
      const from = side === 'left' ? x - LABEL.apart - width : x + LABEL.apart;
      // Left of the line there is nothing at the now line that words could touch.
      const most = side === 'left' ? right : right - LABEL.edge;
      if (from < left + 2 || from + width > most) continue;
      for (let y = bottom - LABEL.lowest; y - LABEL.above >= top; y -= LABEL.step) {
        const box = {
          left: from - 2,
          right: from + width + 2,
          top: y - LABEL.above,
          bottom: y + LABEL.below,
        };
        if (!taken.some((other) => touches(box, other))) return { text, x: from, y, side, box };
      }
    }
  }
  return null;
}

/** A dotted line where history begins: what is left of it is not known, and not drawn. */
export function drawBegin(
  context: CanvasRenderingContext2D,
  g: Geometry,
  state: PlotState,
): BeginMark | null {
  const mark = placeBegin(context, g, state);
  if (mark === null) return null;
  const { inks } = state;
  const { top, bottom } = g.area;
  context.fillStyle = inks.ink3;
  for (let y = top - 2; y < bottom; y += 4) context.fillRect(mark.x, y, 1, 2);
  if (mark.words === null) return mark;
  context.font = labelFont(inks);
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  // The outline keeps the words readable over the grid.
  context.strokeStyle = inks.ground;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeText(mark.words.text, mark.words.x, mark.words.y);
  context.fillStyle = inks.ink2;
  context.fillText(mark.words.text, mark.words.x, mark.words.y);
  return mark;
}

/** Returns what the mark says at a place beside it, CSS pixels; empty where it is elsewhere or says all of it already. */
export const beginHint = (mark: BeginMark | null, x: number): string =>
  mark === null || Math.abs(x - mark.x) > NEAR || mark.words?.text === mark.text ? '' : mark.text;
