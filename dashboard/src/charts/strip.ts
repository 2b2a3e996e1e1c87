import type { ChartKind } from './chart-kind.ts';
import { type Inks, inkOf } from './inks.ts';
import type { Scale } from './scale.ts';
import { barColumns, columnOf, firstToStroke, MARK_REACH, snap, strokeColumns } from './strip-columns.ts';
import type { Trace, TraceSet } from './trace.ts';

export interface StripPicture {
  data: TraceSet;
  kind: ChartKind;
  scale: Scale;
  inks: Inks;
  /** Device pixel columns one window is wide; may be a fraction. */
  perWindow: number;
  /** Absolute column of the now edge. */
  edge: number;
  /** Windows from this one on are not on the strip: they are open. */
  until: number;
  /** The finer stroke of a sparkline. */
  thin: boolean;
}

/** The closed windows of a time chart on a canvas twice the plot's width. Scrolling moves whole pixels; only new columns are stroked. */
export interface Strip {
  /** New size in device pixels. Everything is drawn anew next time. */
  resize(width: number, height: number, ratio: number): void;
  /** Forgets what is drawn: another scale, theme, range or set of traces. */
  invalidate(): void;
  /** Brings the strip up to date; false when there was nothing to do. */
  paint(picture: StripPicture): boolean;
  /** Copies the visible part to (x, y), device pixels. */
  blit(target: CanvasRenderingContext2D, x: number, y: number, edge: number): void;
}

/** Strokes reach beyond the value at both ends of the plot. */
export const BLEED = 4;
const FILL_ALPHA = 0.24;

export function createStrip(): Strip {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d')!;
  let width = 0;
  let height = 0;
  let ratio = 1;
  /** Absolute column of the strip's left end. */
  let base = 0;
  let valid = false;
  let painted = 0;

  function compact(edge: number): void {
    const by = edge - width - base;
    context.save();
    context.globalCompositeOperation = 'copy';
    context.drawImage(canvas, -by, 0);
    context.restore();
    base += by;
  }

  function draw(picture: StripPicture, fromColumn: number, fromWindow: number): void {
    const left = Math.max(0, fromColumn - base);
    context.clearRect(left, 0, canvas.width - left, canvas.height);
    context.save();
    context.beginPath();
    context.rect(left, 0, canvas.width - left, canvas.height);
    context.clip();
    if (picture.kind === 'bars') drawBars(context, picture, fromWindow, base, height, ratio);
    else drawLines(context, picture, fromWindow, base, height, ratio);
    context.restore();
  }

  return {
    resize(w, h, r) {
      [width, height, ratio] = [w, h, r];
      canvas.width = Math.max(1, 2 * w);
      canvas.height = Math.max(1, h + 2 * BLEED * r);
      valid = false;
    },
    invalidate() {
      valid = false;
    },
    paint(picture) {
      const { data, edge, perWindow, until } = picture;
      // The farthest that anything is drawn from its value: the mark of a lone one and the width of its strokes.
      const pad = Math.ceil((MARK_REACH + 0.5) * ratio) + 1;
      const oldest = Math.max(data.first, Math.floor((edge - width - pad) / perWindow) - 2);
      if (!valid || edge < base + width || edge - base > 4 * width) {
        base = edge - width;
        draw(picture, base, oldest);
        valid = true;
        painted = until;
        return true;
      }
      // A stroke reaches a little beyond its value: it must not be cut at the strip's right end.
      if (edge - base > 2 * width - pad) compact(edge);
      const from = Math.max(oldest, Math.min(data.dirty, painted));
      painted = until;
      if (from >= until && data.dirty >= until) return false;
      const column =
        picture.kind === 'bars'
          ? Math.round(from * perWindow)
          : Math.floor(columnOf(from - 1, perWindow)) - pad;
      const window = picture.kind === 'bars' ? from : firstToStroke(column - pad, perWindow, oldest);
      draw(picture, column, window);
      return true;
    },
    blit(target, x, y, edge) {
      const h = canvas.height;
      target.drawImage(canvas, edge - width - base, 0, width, h, x, y - BLEED * ratio, width, h);
    },
  };
}

/** The y of a value in device pixels from the top of the strip. */
const toY = (scale: Scale, height: number, ratio: number, value: number): number =>
  snap(BLEED * ratio + (1 - (value - scale.min) / (scale.max - scale.min)) * height);

function drawLines(
  context: CanvasRenderingContext2D,
  { data, scale, inks, perWindow, until, thin }: StripPicture,
  from: number,
  base: number,
  height: number,
  ratio: number,
): void {
  for (const trace of data.traces) {
    const path = new Path2D();
    const yOf = (i: number): number => toY(scale, height, ratio, data.value(trace, i));
    strokeColumns(path, from, until, perWindow, base, ratio, yOf);
    strokeHair(context, path, inkOf(inks, trace.slot), ratio, thin);
  }
}

/** Where the strokes of a line lie around it, in parts of its width: a pair, or a diamond that is as wide in all directions. */
const PAIR = [
  [-0.25, -0.25],
  [0.25, 0.25],
] as const;
const DIAMOND = [
  [-0.35, 0],
  [0.35, 0],
  [0, -0.35],
  [0, 0.35],
] as const;

/** In software raster a stroke of one device pixel costs a sixth of a wider one: several of them, a little apart, look like 1.5 CSS pixels. */
export function strokeHair(
  context: CanvasRenderingContext2D,
  path: Path2D,
  color: string,
  ratio: number,
  thin = false,
): void {
  const strokes = ratio > 1 ? DIAMOND : thin ? ([[0, 0]] as const) : PAIR;
  const apart = thin ? ratio / 2 : ratio;
  context.save();
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.lineJoin = 'bevel';
  for (const [x, y] of strokes) {
    context.translate(x * apart, y * apart);
    context.stroke(path);
    context.translate(-x * apart, -y * apart);
  }
  context.restore();
}

function drawBars(
  context: CanvasRenderingContext2D,
  picture: StripPicture,
  from: number,
  base: number,
  height: number,
  ratio: number,
): void {
  const { data, scale, perWindow, until } = picture;
  const cap = 2 * ratio;
  const y = (value: number): number => Math.round(toY(scale, height, ratio, value));
  for (let i = from; i < until; i++) {
    const { left, right } = barColumns(i, perWindow, base);
    let below = 0;
    for (const trace of data.traces) {
      const value = data.value(trace, i);
      if (Number.isNaN(value) || value === 0) continue;
      fillBar(context, inkOf(picture.inks, trace.slot), left, right - left, y(below + value), y(below), cap);
      below += value;
    }
  }
}

function fillBar(
  context: CanvasRenderingContext2D,
  color: string,
  x: number,
  width: number,
  top: number,
  bottom: number,
  cap: number,
): void {
  context.fillStyle = color;
  context.globalAlpha = FILL_ALPHA;
  context.fillRect(x, top, width, bottom - top);
  context.globalAlpha = 1;
  // Below zero the end of the bar is its lower one.
  context.fillRect(x, top <= bottom ? Math.min(top, bottom - cap) : Math.max(top - cap, bottom), width, cap);
}

/** What stands at the top of a stack of bars; NaN when no trace has a value. */
export function stackTop(data: TraceSet, traces: readonly Trace[], index: number): number {
  let sum = Number.NaN;
  for (const trace of traces) {
    const value = data.value(trace, index);
    if (!Number.isNaN(value)) sum = (Number.isNaN(sum) ? 0 : sum) + value;
  }
  return sum;
}
