import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FORMATS } from '../../../testing/usual-formats.ts';
import { columnsOf } from '../strip/strip-columns.ts';
import type { ChartKind, Trace, TraceSet } from '../trace/trace.ts';
import { evenTimes } from '../trace/window-times.ts';
import { beginHint, placeBegin } from './draw-begin.ts';
import type { Geometry } from './geometry.ts';
import type { PlotState } from './plot-state.ts';

const WINDOW = 10_000;
const TIMES = evenTimes({ every: WINDOW });
const START = new Date('2026-11-29T14:00:00').getTime();
const FIRST = START / WINDOW;
const AREA = { left: 40, right: 440, top: 8, bottom: 120 };
const RANGE = 400_000;
const context = { font: '', measureText: (text: string) => ({ width: text.length * 5 }) as TextMetrics };

interface Picture {
  begins: number | null;
  /** A value between 0 and 1 for each of the 40 windows. */
  values?: readonly number[];
  kind?: ChartKind;
  /** How wide the plot is, CSS pixels. */
  width?: number;
}

/** A plot of 400 s, one CSS pixel a device pixel. */
function markOf({ begins, values = [], kind = 'line', width = 400 }: Picture) {
  const msPerColumn = RANGE / width;
  const g: Geometry = {
    area: { ...AREA, right: AREA.left + width },
    ...{ width: width + 140, height: 140, ratio: 1, scale: { min: 0, max: 1, ticks: [] }, columns: width },
    ...{ msPerColumn, windows: columnsOf(TIMES, msPerColumn), edge: (START + RANGE) / msPerColumn },
  };
  const data = {
    ...{ times: TIMES, begins, traces: [{} as Trace], earlier: [], stacked: false, zero: true },
    ...{ first: FIRST, closed: FIRST + 40, end: FIRST + 40 },
    value: (_: Trace, i: number) =>
      begins !== null && TIMES.startOf(i + 1) <= begins ? Number.NaN : (values[i - FIRST] ?? Number.NaN),
  } as unknown as TraceSet;
  const state = { data, kind, edge: START + RANGE, range: RANGE, formats: FORMATS, inks: {} };
  return placeBegin(context, g, state as PlotState);
}

const flat = (value: number): number[] => Array.from({ length: 40 }, () => value);

it('marks where history begins, with the words where nothing is drawn', () => {
  expect(markOf({ begins: START + 203_000, values: flat(0) })).toMatchObject({
    x: 240,
    text: 'history begins 14:03:23',
    words: { side: 'left', text: 'history begins 14:03:23', x: 119, y: 113 },
  });
});

it('has shorter words where there is less room, and then the other side above or below the data', () => {
  expect(markOf({ begins: START + 105_000, values: flat(0) })!.words).toMatchObject({
    ...{ text: 'begins 14:01:45', side: 'left' },
  });
  const right = markOf({ begins: START + 60_000, values: flat(0) })!.words!;
  expect(right).toMatchObject({ side: 'right', text: 'history begins 14:01:00' });
  expect(right.y).toBeLessThan(113);
  expect(markOf({ begins: START + 60_000, values: flat(1) })!.words!.y).toBe(113);
});

it('leaves the words to whoever points at the mark where they would cover data', () => {
  const mark = markOf({ begins: START + 60_000, values: flat(1), kind: 'bars' })!;
  expect(mark.words).toBeNull();
  expect(beginHint(mark, mark.x + 4)).toBe('history begins 14:01:00');
  expect(beginHint(mark, mark.x + 20)).toBe('');
  const free = markOf({ begins: START + 203_000, values: flat(0) })!;
  expect(beginHint(free, free.x)).toBe('');
});

it('never covers a value, nor leaves the plot, whatever is drawn and however narrow the plot is', () => {
  const pictures = fc.record({
    begins: fc.integer({ min: 1, max: 39 }).map((i) => START + i * WINDOW),
    values: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 40, maxLength: 40 }),
    kind: fc.constantFrom('line' as const, 'bars' as const, 'area' as const),
    width: fc.integer({ min: 60, max: 500 }),
  });
  fc.assert(
    fc.property(pictures, (picture) => {
      const words = markOf(picture)?.words;
      if (words == null) return;
      const [left, right] = [words.x, words.x + words.text.length * 5];
      expect(left).toBeGreaterThanOrEqual(AREA.left);
      expect(right).toBeLessThanOrEqual(AREA.left + picture.width - 8);
      picture.values.forEach((value, i) => {
        const x = AREA.left + ((i + 1) * picture.width) / 40;
        const isThere = START + (i + 1) * WINDOW > picture.begins && x >= left && x <= right;
        if (!isThere) return;
        const y = AREA.top + (1 - value) * (AREA.bottom - AREA.top);
        const isOver = picture.kind === 'line' ? y > words.y - 9 && y < words.y + 2 : y < words.y + 2;
        expect(isOver).toBe(false);
      });
    }),
  );
});

it('marks nothing where history begins before the plot or after it, or has not begun', () => {
  for (const begins of [null, START - 5, START, START + 400_000, START + 900_000])
    expect(markOf({ begins })).toBeNull();
});
