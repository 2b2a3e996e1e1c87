import { inkOf } from '../ink/inks.ts';
import type { StripBrush } from './strip-picture.ts';

/** A step a window, at its value. */
export interface Steps {
  /** NaN for no value. */
  value(index: number): number;
  color: string;
  /** Whole device pixels. */
  thickness: number;
}

/** Each window is a level line over all of it, joined to the one before. */
export function drawSteps(context: CanvasRenderingContext2D, brush: StripBrush, steps: Steps): void {
  const { picture, from, base, ratio } = brush;
  const { columns, until } = picture;
  const { value, thickness } = steps;
  const topOf = (y: number): number => Math.round(brush.yOf(y)) - Math.floor(thickness / 2);
  context.fillStyle = steps.color;
  for (let i = from; i < until; i++) {
    const now = value(i);
    if (Number.isNaN(now)) continue;
    const [left, right] = [Math.round(columns.endOf(i - 1)) - base, Math.round(columns.endOf(i)) - base];
    // Nothing reaches into the next window, which may be redrawn alone.
    const width = Math.max(1, right - left);
    const top = topOf(now);
    context.fillRect(left, top, width, thickness);
    const before = value(i - 1);
    if (Number.isNaN(before)) continue;
    const joined = topOf(before);
    const joint = Math.min(width, ratio);
    context.fillRect(left, Math.min(top, joined), joint, Math.abs(top - joined) + thickness);
  }
}

/** An earlier range is a step of one CSS pixel: in ink, and in the colour of its trace where there are several. */
export function drawEarlier(context: CanvasRenderingContext2D, brush: StripBrush): void {
  const { data, inks } = brush.picture;
  for (const line of data.earlier)
    drawSteps(context, brush, {
      value: line.value,
      color: inkOf(inks, line.slot),
      thickness: Math.max(1, Math.round(brush.ratio)),
    });
}
