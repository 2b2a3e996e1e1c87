import { expect, it } from 'vitest';
import { columnsOf } from '../strip/strip-columns.ts';
import type { TraceSet } from '../trace/trace.ts';
import { evenTimes } from '../trace/window-times.ts';
import { placeBegin } from './draw-begin.ts';
import type { Geometry } from './geometry.ts';
import type { PlotState } from './plot-state.ts';

const TIMES = evenTimes({ every: 10_000 });
const START = new Date('2026-11-29T14:00:00').getTime();
const g: Geometry = {
  area: { left: 40, right: 440, top: 8, bottom: 120 },
  ...{ width: 540, height: 140, ratio: 1, scale: { min: 0, max: 1, ticks: [] }, columns: 400 },
  ...{ msPerColumn: 1_000, windows: columnsOf(TIMES, 1_000), edge: START / 1_000 + 400 },
};
const context = { font: '', measureText: (text: string) => ({ width: text.length * 5 }) as TextMetrics };
const markAt = (begins: number | null) => {
  const data = { times: TIMES, begins } as TraceSet;
  return placeBegin(context, g, { data, edge: START + 400_000, inks: {} } as PlotState);
};

it('marks where history begins, with the words where nothing is drawn', () => {
  expect(markAt(START + 203_000)).toEqual({ x: 240, text: 'history begins 14:03:23', side: 'left' });
  expect(markAt(START + 60_000)).toMatchObject({ x: 100, side: 'right' });
});

it('marks nothing where history begins before the plot or after it, or has not begun', () => {
  for (const begins of [null, START - 5, START, START + 400_000, START + 900_000])
    expect(markAt(begins)).toBeNull();
});
