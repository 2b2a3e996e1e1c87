import { shareOf } from '../axis/scale.ts';
import { inkOf } from '../ink/inks.ts';
import type { ChartKind } from '../trace/trace.ts';
import { drawAreas } from './strip-areas.ts';
import { drawBars } from './strip-bars.ts';
import { firstToStroke, MARK_REACH, snap, strokeColumns } from './strip-columns.ts';
import type { StripBrush, StripPicture } from './strip-picture.ts';
import { drawEarlier } from './strip-steps.ts';
import { strokeHair } from './stroke-hair.ts';

/** The closed windows of a time chart on a canvas twice the plot's width. Scrolling moves whole pixels; only new columns are stroked. */
export interface Strip {
  /** New size in device pixels. Everything is redrawn next time. */
  resize(width: number, height: number, ratio: number): void;
  /** Forgets what is drawn: another scale, theme, range or set of traces. */
  invalidate(): void;
  /** Brings the strip up to date; false when there was nothing to do. */
  paint(picture: StripPicture): boolean;
  /** Copies the visible part to (x, y), device pixels. */
  blit(target: CanvasRenderingContext2D, x: number, y: number, edge: number): void;
}

/** Strokes reach beyond the value at both ends of the plot. */
const BLEED = 4;
const DRAW: Record<ChartKind, (context: CanvasRenderingContext2D, brush: StripBrush) => void> = {
  line: drawLines,
  area: drawAreas,
  bars: drawBars,
};

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
    const yOf = (value: number): number => snap(BLEED * ratio + (1 - shareOf(picture.scale, value)) * height);
    const brush: StripBrush = { picture, from: fromWindow, base, ratio, yOf };
    // Over what is filled, and under lines.
    if (picture.kind === 'line') drawEarlier(context, brush);
    DRAW[picture.kind](context, brush);
    if (picture.kind !== 'line') drawEarlier(context, brush);
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
      const { data, edge, columns, until } = picture;
      // The farthest that anything is drawn from its value: the mark of a lone one and the width of its strokes.
      const pad = Math.ceil((MARK_REACH + 0.5) * ratio) + 1;
      const oldest = Math.max(data.first, columns.indexAt(edge - width - pad) - 2);
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
          ? Math.round(columns.endOf(from - 1))
          : Math.floor(columns.endOf(from - 1)) - pad;
      const window = picture.kind === 'bars' ? from : firstToStroke(column - pad, columns, oldest);
      draw(picture, column, window);
      return true;
    },
    blit(target, x, y, edge) {
      const h = canvas.height;
      target.drawImage(canvas, edge - width - base, 0, width, h, x, y - BLEED * ratio, width, h);
    },
  };
}

function drawLines(context: CanvasRenderingContext2D, brush: StripBrush): void {
  const { picture, from, base, ratio } = brush;
  const { data, inks, columns, until, thin } = picture;
  for (const trace of data.traces) {
    const path = new Path2D();
    const yOf = (i: number): number => brush.yOf(data.value(trace, i));
    strokeColumns(path, from, until, columns, base, ratio, yOf);
    strokeHair(context, path, inkOf(inks, trace.slot), ratio, thin);
  }
}
