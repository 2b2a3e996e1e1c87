import { expect, it } from 'vitest';
import type { Trace } from '../trace/trace.ts';
import { evenTimes } from '../trace/window-times.ts';
import { drawBars } from './strip-bars.ts';
import { columnsOf } from './strip-columns.ts';
import type { StripBrush } from './strip-picture.ts';

interface Rect {
  ink: string;
  alpha: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What is filled for these rows of values, eight columns a window and one a unit of value. */
function draw(rows: readonly (readonly number[])[], stacked: boolean): Rect[] {
  const rects: Rect[] = [];
  const context = {
    globalAlpha: 1,
    fillStyle: '',
    fillRect(x: number, y: number, width: number, height: number) {
      rects.push({ ink: this.fillStyle, alpha: this.globalAlpha, x, y, width, height });
    },
  };
  const traces = rows.map((_, t) => ({ key: `${t}`, slot: { number: t + 1 } }) as Trace);
  const value = (trace: Trace, i: number): number => rows[Number(trace.key)]![i] ?? Number.NaN;
  const brush = {
    picture: {
      data: { traces, stacked, zero: true, value },
      ...{
        inks: { series: ['grey', 'blue', 'red'] },
        columns: columnsOf(evenTimes({ every: 8 }), 1),
        until: rows[0]!.length,
      },
    },
    ...{ from: 0, base: 0, ratio: 1, yOf: (v: number) => 100 - v },
  } as unknown as StripBrush;
  drawBars(context as unknown as CanvasRenderingContext2D, brush);
  return rects;
}

it('mixes no colours of bars that all begin at zero: each trace is a continuous step', () => {
  const rects = draw(
    [
      [40, 60, 30],
      [50, 20, 20],
    ],
    false,
  );
  expect(rects.every((rect) => rect.alpha === 1)).toBe(true);
  for (const ink of ['blue', 'red']) {
    const steps = rects.filter((rect) => rect.ink === ink && rect.width === 8);
    expect(steps.map(({ x, height }) => [x, height])).toEqual([0, 8, 16].map((x) => [x, 2]));
    const joints = rects.filter((rect) => rect.ink === ink && rect.width === 1);
    joints.forEach((joint, i) => {
      const [before, after] = [steps[i]!, steps[i + 1]!];
      expect(joint.x).toBe(after.x);
      expect(joint.y).toBe(Math.min(before.y, after.y));
      expect(joint.y + joint.height).toBe(Math.max(before.y, after.y) + 2);
    });
  }
});

it('breaks a step where there is no value', () => {
  const rects = draw(
    [
      [40, Number.NaN, 30],
      [1, 1, 1],
    ],
    false,
  );
  expect(rects.filter((rect) => rect.ink === 'blue').map(({ x, width }) => [x, width])).toEqual([
    [0, 8],
    [16, 8],
  ]);
});

it('fills the bars of one trace, and those of a stack', () => {
  expect(draw([[40]], false).some((rect) => rect.alpha < 1)).toBe(true);
  expect(draw([[40], [20]], true).filter((rect) => rect.alpha < 1)).toHaveLength(2);
});
