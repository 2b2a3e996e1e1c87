import { describe, expect, it } from 'vitest';
import {
  apply,
  emptyContents,
  type Frame,
  type FrameView,
  type ViewContents,
} from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { createTraceData, type TraceData } from './trace-data.ts';

const info = (empty: 'zero' | 'none'): ViewInfo => ({
  view: 'v',
  metric: 'm',
  version: 1,
  title: '',
  unit: '',
  better: null,
  outputs: ['p50', 'p99'],
  empty,
  adds: 'nothing',
  groupBy: ['service'],
  window: 10,
  range: 100,
  pane: 1,
  events: null,
});

const view = (change: Partial<FrameView>): FrameView => ({
  view: 'v',
  version: 1,
  received: null,
  watermark: 1_080,
  asOf: 1_085,
  start: 1_000,
  end: 1_100,
  begins: 1_000,
  windows: [],
  at: [],
  series: [],
  values: [[], []],
  partial: [],
  ...change,
});

function follow(
  contents: ViewContents,
  data: TraceData,
  from: number,
  change: FrameView,
  empty: 'zero' | 'none',
): void {
  const frame: Frame = { epoch: 'e', from, to: from + 1, views: [change] };
  expect(apply(contents, frame, change)).toBe('applied');
  if (change.snapshot) data.load(info(empty), contents);
  else data.update(info(empty), contents, change);
}

const snapshot = view({
  snapshot: true,
  members: [
    { series: 4, group: ['b'] },
    { series: 2, group: ['a'] },
  ],
  windows: [1_000, 1_020, 1_080],
  at: [0, 1, 2, 0],
  series: [2, 2, 2, 4],
  values: [
    [1, 2, 3, 9],
    [10, 20, 30, 90],
  ],
});

describe('traces of a view', () => {
  it('are sorted by group, one an output, with their values by window number', () => {
    const [contents, data] = [emptyContents(), createTraceData(['p99'], null)];
    follow(contents, data, 0, snapshot, 'none');
    expect(data.traces.map((t) => t.name)).toEqual(['a', 'b']);
    expect([100, 101, 102].map((i) => data.value(data.traces[0]!, i))).toEqual([10, Number.NaN, 20]);
    expect([data.first, data.closed, data.end]).toEqual([100, 108, 109]);
  });

  it('read an empty closed window as zero where the aggregate says so, an open one as nothing', () => {
    const [contents, data] = [emptyContents(), createTraceData([], null)];
    follow(contents, data, 0, snapshot, 'zero');
    expect(data.traces.map((t) => t.name)).toEqual(['a p50', 'a p99', 'b p50', 'b p99']);
    expect(data.value(data.traces[0]!, 101)).toBe(0);
    expect(data.value(data.traces[2]!, 108)).toBeNaN();
    expect(data.value(data.traces[0]!, 99)).toBeNaN();
  });

  it('read an empty window as nothing before history begins', () => {
    const [contents, data] = [emptyContents(), createTraceData([], null)];
    follow(contents, data, 0, { ...snapshot, begins: 1_035 }, 'zero');
    const values = (): number[] => [101, 102, 103, 104].map((i) => data.value(data.traces[0]!, i));
    // The window that history begins in is known in part; what came before the beginning is there.
    expect(values()).toEqual([Number.NaN, 2, 0, 0]);
    data.markDrawn();
    follow(contents, data, 1, view({ begins: 1_000 }), 'zero');
    expect([values()[0], data.dirty]).toEqual([0, 100]);
    follow(contents, data, 2, view({ begins: null }), 'zero');
    expect(values()[0]).toBeNaN();
  });

  it('have the windows of a calendar in order, each of its own length', () => {
    const [contents, data] = [emptyContents(), createTraceData([], null)];
    const days = { ...snapshot, windows: [1_000, 1_023], bounds: [1_000, 1_023, 1_048, 1_072] };
    const cells = {
      at: [0, 1],
      series: [2, 2],
      values: [
        [1, 2],
        [1, 2],
      ],
    };
    follow(contents, data, 0, { ...days, ...cells, watermark: 1_050, end: 1_072 }, 'none');
    expect([0, 1, 2].map((i) => data.times.startOf(i))).toEqual([1_000, 1_023, 1_048]);
    expect([data.first, data.closed, data.end]).toEqual([0, 2, 2]);
    const named = data.traces.find((trace) => data.value(trace, 0) === 1)!;
    const next = { start: 1_023, end: 1_096, bounds: [1_023, 1_048, 1_072, 1_096], watermark: 1_075 };
    follow(contents, data, 1, view(next), 'none');
    const after = data.traces.find((trace) => trace.key === named.key)!;
    expect([data.value(after, 0), data.times.startOf(3), data.closed]).toEqual([2, 1_096, 2]);
  });

  it('say from where on they changed', () => {
    const [contents, data] = [emptyContents(), createTraceData([], null)];
    follow(contents, data, 0, snapshot, 'none');
    data.markDrawn();
    const late = view({ windows: [1_020], at: [0], series: [2], values: [[7], [70]], watermark: 1_090 });
    follow(contents, data, 1, late, 'none');
    expect(data.dirty).toBe(102);
    expect(data.value(data.traces[1]!, 102)).toBe(70);
    data.markDrawn();
    follow(contents, data, 2, view({ watermark: 1_100 }), 'none');
    expect(data.dirty).toBe(109);
  });

  it('take an explicit null as no value', () => {
    const [contents, data] = [emptyContents(), createTraceData([], null)];
    follow(contents, data, 0, snapshot, 'none');
    const gone = view({ windows: [1_020], at: [0], series: [2], values: [[null], [null]] });
    follow(contents, data, 1, gone, 'none');
    expect(data.value(data.traces[0]!, 102)).toBeNaN();
  });

  it('draw nothing where a value is beyond every double, also where an empty window is zero', () => {
    const [contents, data] = [emptyContents(), createTraceData([], null)];
    follow(contents, data, 0, snapshot, 'zero');
    const change = { windows: [1_020], at: [0], series: [2] };
    follow(contents, data, 1, view({ ...change, values: [[null], [null]], overflow: [0] }), 'zero');
    expect(data.value(data.traces[0]!, 102)).toBeNaN();
    follow(contents, data, 2, view({ ...change, values: [[7], [8]] }), 'zero');
    expect(data.value(data.traces[0]!, 102)).toBe(7);
  });
});
