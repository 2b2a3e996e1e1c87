import { inkOf } from '../ink/inks.ts';
import { strokeColumns } from './strip-columns.ts';
import type { StripBrush } from './strip-picture.ts';
import { strokeHair } from './stroke-hair.ts';

export function drawLines(context: CanvasRenderingContext2D, brush: StripBrush): void {
  const { picture, from, base, ratio } = brush;
  const { data, inks, perWindow, until, thin } = picture;
  for (const trace of data.traces) {
    const path = new Path2D();
    const yOf = (i: number): number => brush.yOf(data.value(trace, i));
    strokeColumns(path, from, until, perWindow, base, ratio, yOf);
    strokeHair(context, path, inkOf(inks, trace.slot), ratio, thin);
  }
}
