import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../testing/usual-formats.ts';
import { columnsOf } from '../strip/strip-columns.ts';
import type { ChartKind, Trace, TraceSet } from '../trace/trace.ts';
import { evenTimes } from '../trace/window-times.ts';
import { placeTimeLabels } from './draw-axis.ts';
import { gapHint, placeGaps } from './draw-gaps.ts';
import type { Geometry } from './geometry.ts';
import { labelsAt } from './labels.ts';
import { occupiedBoxes, touches } from './occupied.ts';
import type { PlotState } from './plot-state.ts';
import { coveredBy, hairline, holdMissing, placeFlag, readingX } from './readout.ts';

const NONE = Number.NaN;
const WINDOW = 10_000;
const START = 179_503_000;
const WIDTH = 400;
/** One column is one pixel and a second. */
const geometry = (windows: number): Geometry => ({
  area: { left: 40, right: 40 + 10 * windows, top: 8, bottom: 120 },
  ...{ width: 40 + 10 * windows + 80, height: 140, ratio: 1, scale: { min: 0, max: 10, ticks: [0, 5, 10] } },
  ...{
    columns: 10 * windows,
    msPerColumn: 1_000,
    windows: columnsOf(evenTimes({ every: WINDOW }), 1_000),
    edge: (START + windows) * 10,
  },
});

/** The values of two traces window by window; all windows are closed. */
function stateOf(kind: ChartKind, rows: readonly (readonly [number, number])[]): PlotState {
  const traces = ['a', 'b'].map((name, t) => ({ key: `${t}`, name, slot: { number: t + 1 } }) as Trace);
  const value = (trace: Trace, i: number): number => rows[i - START]?.[Number(trace.key)] ?? NONE;
  const data: TraceSet = {
    ...{
      times: evenTimes({ every: WINDOW }),
      begins: 0,
      traces,
      zero: false,
      stacked: false,
      hidden: 0,
      earlier: [],
      ranked: null,
      shape: 0,
      first: START,
    },
    ...{ closed: START + rows.length, end: START + rows.length, dirty: 0, value, markDrawn: () => {} },
  };
  return {
    ...{ data, kind, spark: false, range: rows.length * WINDOW, edge: (START + rows.length) * WINDOW },
    ...{ mode: 'live', palette: 0, format: (v: number | null) => (v === null ? '–' : String(v)) },
    formats: FORMATS,
    inks: { series: ['grey', 'blue', 'red'] } as never,
  };
}

describe('the cross-hair', () => {
  it('says a dash where there is no value, at the place that the trace had before', () => {
    const state = stateOf('line', [
      [3, 1],
      [NONE, 2],
      [NONE, NONE],
    ]);
    const read = (index: number) =>
      holdMissing(state, START + index, labelsAt(state, START + index)).map((l) => [l.text, l.at, l.missing]);
    expect(read(0)).toEqual([
      ['3', 3, undefined],
      ['1', 1, undefined],
    ]);
    expect(read(2)).toEqual([
      ['–', 3, true],
      ['–', 2, true],
    ]);
  });

  it('reads a bar in its middle, and a line at its value, from whatever panel the time comes', () => {
    const g = geometry(20);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 19 }), (k) => {
        const left = g.area.left + 10 * k;
        const bar = readingX(g, { kind: 'bars' }, START + k);
        expect(bar).toBeGreaterThanOrEqual(left + 3);
        expect(bar).toBeLessThanOrEqual(left + 7);
        expect(readingX(g, { kind: 'line' }, START + k)).toBe(left + 10);
      }),
    );
  });

  it('strikes no words through', () => {
    const rows = Array.from({ length: 40 }, (_, i): [number, number] =>
      i > 14 && i < 25 ? [NONE, NONE] : [5, 5],
    );
    const state = stateOf('line', rows);
    const g = geometry(40);
    const context = { font: '', measureText: (text: string) => ({ width: text.length * 5 }) as TextMetrics };
    const gaps = placeGaps(context, g, state);
    expect(gaps).toHaveLength(1);
    const { label } = gaps[0]!;
    for (let x = g.area.left; x <= g.area.right; x++) {
      const parts = hairline(g, x, [label!]);
      for (const [from, to] of parts)
        if (x >= label!.left && x <= label!.right)
          expect(to <= label!.top || from >= label!.bottom).toBe(true);
      expect(parts.at(-1)![1]).toBe(g.area.bottom);
    }
  });

  it('lets no words of two holes lie over each other', () => {
    const hole = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 3, max: 9 }));
    const context = { font: '', measureText: (text: string) => ({ width: text.length * 5 }) as TextMetrics };
    fc.assert(
      fc.property(fc.array(hole, { minLength: 1, maxLength: 6 }), (holes) => {
        const rows = holes.flatMap(([data, none]) => [
          ...Array.from({ length: data }, (): [number, number] => [1, 1]),
          ...Array.from({ length: none }, (): [number, number] => [NONE, NONE]),
        ]);
        const gaps = placeGaps(context, geometry(rows.length), stateOf('line', rows));
        const boxes = gaps.flatMap(({ label }) => label ?? []);
        expect(boxes.length).toBeGreaterThan(0);
        for (let i = 1; i < boxes.length; i++) expect(boxes[i]!.left).toBeGreaterThan(boxes[i - 1]!.right);
      }),
    );
  });

  it('covers no value with the words of a hole, and has them for whoever points at it', () => {
    const context = { font: '', measureText: (text: string) => ({ width: text.length * 5 }) as TextMetrics };
    const part = fc.tuple(
      fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 3, max: 9 }),
    );
    let [told, pointed] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('line', 'area', 'bars'),
        (parts, kind) => {
          const rows = parts.flatMap(([values, none]) => [
            ...values.map((value): [number, number] => [value, value / 2]),
            ...Array.from({ length: none }, (): [number, number] => [NONE, NONE]),
          ]);
          const [g, state] = [geometry(rows.length), stateOf(kind, rows)];
          const gaps = placeGaps(context, g, state);
          for (const { left, right, text, label } of gaps) {
            expect(gapHint(gaps, (left + right) / 2)).toBe(label?.text === text ? '' : text);
            if (label?.text === text) told++;
            else pointed++;
            if (label === null) continue;
            expect(label.left).toBeGreaterThanOrEqual(g.area.left);
            expect(label.right).toBeLessThan(g.area.right);
            for (const box of occupiedBoxes(g, state, label.left, label.right))
              expect(touches(label, box)).toBe(false);
          }
        },
      ),
    );
    expect(told).toBeGreaterThan(0);
    expect(pointed).toBeGreaterThan(0);
  });

  it('leaves no part of a word beside its flag, and none of the flag outside the plot and its labels', () => {
    const g = geometry(WIDTH / 10);
    const { labels } = placeTimeLabels(g, FORMATS);
    expect(labels.length).toBeGreaterThan(1);
    for (let x = g.area.left; x <= g.area.right; x++) {
      const flag = placeFlag(g, x, '14:00:31');
      expect(flag.left).toBeGreaterThanOrEqual(g.area.left);
      expect(flag.left + flag.width).toBeLessThanOrEqual(g.width);
      const covered = coveredBy(flag, labels);
      for (const label of labels) {
        const clear = label.right <= flag.left || label.left >= flag.left + flag.width;
        if (!clear) expect(covered).toContain(label);
      }
    }
  });
});

it('a narrow plot has a label on its time axis, whatever the time', () => {
  for (let edge = 0; edge < 900; edge++) {
    // A quarter of an hour on 90 px: ten seconds a column.
    const g = { ...geometry(9), columns: 90, msPerColumn: 10_000, edge: START + edge };
    const { labels } = placeTimeLabels({ ...g, area: { ...g.area, right: g.area.left + 90 } }, FORMATS);
    expect(labels.length).toBeGreaterThan(0);
    for (let i = 1; i < labels.length; i++) expect(labels[i]!.left).toBeGreaterThan(labels[i - 1]!.right);
  }
});
