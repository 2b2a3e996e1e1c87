import { inkOf } from '../ink/inks.ts';
import { createBands, isFilled, writeBands } from '../trace/bands.ts';
import { barColumns } from './strip-columns.ts';
import { FILL_ALPHA, type StripBrush } from './strip-picture.ts';
import { drawSteps } from './strip-steps.ts';

/** A flat fill under a cap of 2 CSS pixels. All fills of a window lie under all of its caps: those of other traces must not wash them out. */
export function drawBars(context: CanvasRenderingContext2D, brush: StripBrush): void {
  const { picture, from, base, ratio } = brush;
  const { data, inks, columns, until } = picture;
  const y = (value: number): number => Math.round(brush.yOf(value));
  if (!isFilled(data)) {
    // Several traces beside each other: each is a step of 2 CSS pixels a window.
    for (const trace of data.traces)
      drawSteps(context, brush, {
        value: (i) => data.value(trace, i),
        color: inkOf(inks, trace.slot),
        thickness: 2 * ratio,
      });
    return;
  }
  const bands = createBands(data.traces.length);
  for (let i = from; i < until; i++) {
    const { left, right } = barColumns(i, columns, base);
    writeBands(data, i, bands);
    for (const draw of [fillBar, capBar]) {
      data.traces.forEach((trace, t) => {
        const [low, high] = [bands.base[t]!, bands.top[t]!];
        if (Number.isNaN(high) || low === high) return;
        context.fillStyle = inkOf(inks, trace.slot);
        draw(context, left, right - left, y(high), y(low), 2 * ratio);
      });
    }
  }
}

type Draw = (
  context: CanvasRenderingContext2D,
  x: number,
  width: number,
  top: number,
  bottom: number,
  cap: number,
) => void;

const fillBar: Draw = (context, x, width, top, bottom) => {
  context.globalAlpha = FILL_ALPHA;
  context.fillRect(x, top, width, bottom - top);
  context.globalAlpha = 1;
};

/** Below zero the end of the bar is its lower one. */
const capBar: Draw = (context, x, width, top, bottom, cap) => {
  context.fillRect(x, top <= bottom ? Math.min(top, bottom - cap) : Math.max(top - cap, bottom), width, cap);
};
