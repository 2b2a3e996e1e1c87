import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenTimes } from '../trace/window-times.ts';
import {
  barColumns,
  columnsOf,
  firstToStroke,
  type Pen,
  strokeColumns,
  type WindowColumns,
} from './strip-columns.ts';

/** Windows so many columns wide. */
const wide = (perWindow: number): WindowColumns => columnsOf(evenTimes({ every: 1 }), 1 / perWindow);

type Op = ['move' | 'line', number, number];

function record(from: number, to: number, perWindow: number, base: number, yOf: (i: number) => number): Op[] {
  const ops: Op[] = [];
  const pen: Pen = { moveTo: (x, y) => ops.push(['move', x, y]), lineTo: (x, y) => ops.push(['line', x, y]) };
  strokeColumns(pen, from, to, wide(perWindow), base, 1, yOf);
  return ops;
}

const START = 170_000_000;
const values = fc.array(fc.option(fc.integer({ min: 0, max: 100 }), { nil: Number.NaN }), {
  minLength: 3,
  maxLength: 80,
});
const perWindow = fc.constantFrom(0.07, 0.31, 0.5, 1, 3.64, 12.5);

describe('stroking from the middle', () => {
  it('gives the points of a full stroke right of the column', () => {
    fc.assert(
      fc.property(values, perWindow, fc.nat(), (ys, per, pick) => {
        const yOf = (i: number): number => ys[i - START] ?? Number.NaN;
        const to = START + ys.length;
        const changed = START + (pick % ys.length);
        const column = Math.floor(wide(per).endOf(changed - 1)) - 4;
        const from = firstToStroke(column - 4, wide(per), START);
        const base = Math.floor(START * per);
        const right = (ops: Op[]): string[] =>
          ops.filter(([, x]) => x + base > column).map(([, x, y]) => `${x} ${y}`);
        expect(right(record(from, to, per, base, yOf))).toEqual(right(record(START, to, per, base, yOf)));
      }),
    );
  });

  it('does not depend on where the strip begins', () => {
    const ops = (base: number): number[] =>
      record(START, START + 9, 3.64, base, (i) => i % 7).map(([, x]) => x + base);
    expect(ops(618_800_100)).toEqual(ops(618_799_500));
  });
});

describe('a column of many windows', () => {
  it('is four points at most, and keeps the lowest and the highest', () => {
    const ys = [5, 1, 9, 4, 6, 2, 8, 3];
    const ops = record(8_000, 8_008, 0.1, 800, (i) => ys[i - 8_000]!);
    const drawn = ops.map(([, , y]) => y);
    expect(drawn.length).toBeLessThanOrEqual(4 * 2);
    expect(drawn).toContain(1);
    expect(drawn).toContain(9);
  });
});

describe('holes', () => {
  it('break the line', () => {
    const ops = record(0, 5, 10, 0, (i) => (i === 2 ? Number.NaN : i));
    expect(ops.map(([op]) => op)).toEqual(['move', 'line', 'move', 'line']);
  });

  it.each([
    ['between holes', [Number.NaN, 7, Number.NaN]],
    ['before a hole', [7, Number.NaN]],
    ['after a hole', [Number.NaN, 7]],
    ['and nothing else', [7]],
  ])('make one value %s a mark that can be seen', (_, ys) => {
    const ops = record(0, ys.length, 10, 0, (i) => ys[i]!);
    const x = 10 * (ys.indexOf(7) + 1);
    expect(extentOf(ops)).toEqual({ left: x - 2.5, right: x + 2.5, top: 6, bottom: 8 });
  });

  it('leave a mark of a value that shares its column with them', () => {
    const ops = record(8_000, 8_008, 0.1, 800, (i) => (i === 8_004 ? 7 : Number.NaN));
    expect(extentOf(ops)).toEqual({ left: -2, right: 3, top: 6, bottom: 8 });
  });
});

/** The box around everything stroked. */
function extentOf(ops: Op[]): { left: number; right: number; top: number; bottom: number } {
  const [xs, ys] = [ops.map(([, x]) => x), ops.map(([, , y]) => y)];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

it('bars share their borders and never overlap', () => {
  fc.assert(
    fc.property(perWindow, fc.integer({ min: START, max: START + 500 }), (per, i) => {
      const a = barColumns(i, wide(per), 0);
      const b = barColumns(i + 4, wide(per), 0);
      expect(a.right).toBeGreaterThan(a.left);
      expect(b.left).toBeGreaterThanOrEqual(a.left);
      if (per >= 4) expect(barColumns(i + 1, wide(per), 0).left - a.right).toBe(1);
    }),
  );
});
