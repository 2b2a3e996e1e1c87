import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRing } from '../../charts/trace/ring.ts';
import type { Trace, TraceSet } from '../../charts/trace/trace.ts';
import { evenTimes } from '../../charts/trace/window-times.ts';
import { firstOf, meanOf, statOf } from './stat-of.ts';

const NONE = Number.NaN;
const WINDOW = 10_000;

/** Windows from number 0 on; NaN is a window without a cell. */
function dataOf(cells: readonly number[], closed = cells.length): TraceSet {
  const ring = createRing(cells.length + 4);
  cells.forEach((cell, i) => void (Number.isNaN(cell) || ring.set(i, cell)));
  return {
    ...{
      times: evenTimes({ every: WINDOW }),
      begins: 0,
      stacked: false,
      hidden: 0,
      earlier: [],
      ranked: null,
      shape: 0,
    },
    ...{ first: 0, dirty: 0, zero: false, closed, end: cells.length },
    traces: [{ key: 'a', colorKey: 'a', name: 'a', group: '', rest: false, slot: null, ring }],
    value: (trace, i) => trace.ring.get(i),
    markDrawn: () => {},
  };
}

const FIGURE = {
  from: 0,
  to: 60_000,
  value: 3,
  unit: '',
  before: { from: -60_000, to: 0, value: 2 },
  began: null,
};
const read = (data: TraceSet, adds: 'windows' | 'groups' | 'nothing' = 'windows', edge = 60_000) =>
  statOf(FIGURE, data, { adds, edge, behind: 10_000 });

describe('the ordinary variation of a figure', () => {
  it('is that of the windows: of a sum as many times as it has windows', () => {
    const data = dataOf([4, 6, 4, 6, 4, 6]);
    expect(read(data, 'groups')).toMatchObject({ subject: 'rate', error: Math.sqrt((2 * 2) / 6) });
    expect(read(data, 'nothing')).toMatchObject({ subject: 'value', error: Math.sqrt((2 * 2) / 6) });
    expect(read(data)).toMatchObject({ subject: 'sum', error: 6 * Math.sqrt((2 * 2) / 6) });
  });

  it('is not a step that lasts', () => {
    const step = Array.from({ length: 40 }, (_, i) => (i < 20 ? 100 : 200));
    const swing = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 100 : 200));
    expect(read(dataOf(step)).error).toBeLessThan(read(dataOf(swing)).error / 5);
  });

  it('is none of nothing', () => {
    for (const cells of [[], [3], [NONE, NONE]]) expect(read(dataOf(cells)).error).toBe(0);
    expect(read({ ...dataOf([1, 2]), traces: [] }).error).toBe(0);
  });
});

it('says until when events are counted where that is long ago, and not of a range that was over by then', () => {
  const late = dataOf([1, 2, 3, 4, 5, 6], 3);
  expect(read(late).counted).toBe(30_000);
  expect(read(dataOf([1, 2, 3, 4, 5, 6], 5)).counted).toBeNull();
  expect(read(late, 'windows', 45_000).counted).toBeNull();
});

it('draws the one line whose figure it shows, as the data goes on', () => {
  const data = dataOf([1, 2, 3], 2);
  data.traces = ['p50', 'p99'].map((key) => ({ key }) as Trace);
  const first = firstOf(data);
  expect(first.traces.map((t) => t.key)).toEqual(['p50']);
  Object.assign(data, { closed: 3, traces: [{ key: 'p95' }, { key: 'p99' }] });
  expect([first.closed, ...first.traces.map((t) => t.key)]).toEqual([3, 'p95']);
});

it('lies among its values, whatever their size', () => {
  const any = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.array(any, { minLength: 1 }), (values) => {
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const slack = Math.max(Math.abs(low), Math.abs(high)) * 1e-12;
      expect(meanOf(values)).toBeGreaterThanOrEqual(low - slack);
      expect(meanOf(values)).toBeLessThanOrEqual(high + slack);
    }),
  );
});

it('of nothing is no number', () => {
  expect(meanOf([])).toBeNaN();
});
