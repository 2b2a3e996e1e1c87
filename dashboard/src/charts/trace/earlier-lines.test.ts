import { describe, expect, it } from 'vitest';
import { apply, emptyContents, type FrameView, type ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import type { ChartTraces } from './drawn-traces.ts';
import { createTraceData, type TraceData } from './trace-data.ts';

const CHART: ChartTraces = {
  stack: false,
  palette: { claim: (keys) => keys.map((_, number) => ({ number })) },
};
const LABEL = { label: 'prev 1 min', short: 'prev' };

const infoOf = (more: Partial<ViewInfo> = {}): ViewInfo => ({
  ...{ view: 'v', metric: 'm', version: 1, title: '', unit: '', better: null, outputs: ['value'] },
  ...{ empty: 'zero' as const, adds: 'windows' as const, groupBy: [], window: 10, range: 60, pane: 1 },
  ...{ events: null, compare: true as const, ...more },
});

/** What a view says of a range that begins at `start`: rows of [series, window number in the range, value]. */
function changeOf(
  start: number,
  cells: readonly (readonly [number, number, number])[],
  more: Partial<FrameView> = {},
): FrameView {
  const bounds = more.bounds ?? Array.from({ length: 7 }, (_, i) => start + 10 * i);
  const windows = [...new Set(cells.map(([, w]) => bounds[w]!))].sort((a, b) => a - b);
  return {
    ...{ view: 'v', version: 1, received: null, watermark: bounds.at(-1)!, asOf: 0, begins: 0, partial: [] },
    ...{ start, end: bounds.at(-1)!, windows, at: cells.map(([, w]) => windows.indexOf(bounds[w]!)) },
    series: cells.map(([series]) => series),
    values: [cells.map(([, , value]) => value)],
    ...more,
  };
}

function show(info: ViewInfo, change: FrameView, chart = CHART): { data: TraceData; contents: ViewContents } {
  const [data, contents] = [createTraceData([], chart, LABEL), emptyContents()];
  follow({ data, contents }, info, { ...change, snapshot: true });
  return { data, contents };
}

function follow(
  { data, contents }: { data: TraceData; contents: ViewContents },
  info: ViewInfo,
  change: FrameView,
): void {
  const offset = contents.cursor?.offset ?? 0;
  expect(apply(contents, { epoch: 'e', from: offset, to: offset + 1, views: [change] }, change)).toBe(
    'applied',
  );
  if (change.snapshot) data.load(info, contents);
  else data.update(info, contents, change);
}

const earlierOf = ({ data, contents }: { data: TraceData; contents: ViewContents }, line = 0): number[] =>
  Array.from({ length: 6 }, (_, i) => data.earlier[line]!.value(data.times.indexOf(contents.start) + i));

const ONE = { members: [{ series: 0, group: [] }] };

describe('an earlier range', () => {
  it('is compared window by window, also at a distance that is no multiple of a window', () => {
    const compare = changeOf(613, [[7, 0, 1], [7, 2, 3], [7, 5, 6]], { members: [{ series: 7, group: [] }] }); // biome-ignore format: a row of cells
    const shown = show(infoOf(), changeOf(1_000, [[0, 0, 9]], { ...ONE, compare }));
    expect(earlierOf(shown)).toEqual([1, 0, 3, 0, 0, 6]);
    expect(shown.data.earlier.map(({ name, short, slot }) => [name, short, slot])).toEqual([
      ['prev 1 min', 'prev', null],
    ]);
  });

  it('of a calendar is compared by index, whatever the lengths are', () => {
    const bounds = [0, 10, 35, 40, 60, 70, 90];
    const cells = [0, 1, 2, 3, 4, 5].map((w) => [0, w, w + 1] as const);
    const compare = changeOf(0, cells, { ...ONE, bounds });
    const now = bounds.map((at) => 5_000 + at * 2);
    const shown = show(infoOf(), changeOf(5_000, cells, { ...ONE, bounds: now, compare }));
    expect(earlierOf(shown)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('follows its frames, which say what must be drawn again', () => {
    const compare = changeOf(940, [[0, 0, 1]], ONE);
    const shown = show(infoOf(), changeOf(1_000, [[0, 0, 9]], { ...ONE, compare }));
    shown.data.markDrawn();
    const later = changeOf(940, [[0, 3, 5]]);
    follow(shown, infoOf(), changeOf(1_000, [], { compare: later }));
    expect(earlierOf(shown)).toEqual([1, 0, 0, 5, 0, 0]);
    expect(shown.data.dirty).toBe(shown.data.first + 3);
    // Both ranges move on by a window.
    follow(shown, infoOf(), changeOf(1_010, [[0, 5, 4]], { compare: changeOf(950, [[0, 5, 8]]) }));
    expect(earlierOf(shown)).toEqual([0, 0, 5, 0, 0, 8]);
  });

  it('has no values before history begins, and no zero where an empty window is none', () => {
    const begun = changeOf(940, [[0, 4, 2]], { ...ONE, begins: 965 });
    const shown = show(infoOf(), changeOf(1_000, [[0, 0, 9]], { ...ONE, compare: begun }));
    expect(earlierOf(shown)).toEqual([Number.NaN, Number.NaN, 0, 0, 2, 0]);
    const none = show(infoOf({ empty: 'none' }), changeOf(1_000, [[0, 0, 9]], { ...ONE, compare: begun }));
    expect(earlierOf(none)).toEqual([...Array(4).fill(Number.NaN), 2, Number.NaN]);
  });

  it('has a line for each trace in its colour, by its group and not by its number', () => {
    const members = [{ series: 0, group: ['a'] }, { series: 1, group: ['b'] }]; // biome-ignore format: two members
    const turned = [{ series: 5, group: ['b'] }, { series: 6, group: ['a'] }]; // biome-ignore format: two members
    const compare = changeOf(940, [[5, 0, 20], [6, 0, 10]], { members: turned }); // biome-ignore format: two cells
    const cells = [[0, 0, 1], [1, 0, 2]] as const; // biome-ignore format: two cells
    const shown = show(infoOf({ groupBy: ['g'] }), changeOf(1_000, cells, { members, compare }));
    expect(shown.data.earlier.map(({ name }) => name)).toEqual(['a, prev 1 min', 'b, prev 1 min']);
    expect([earlierOf(shown, 0)[0], earlierOf(shown, 1)[0]]).toEqual([10, 20]);
    expect(shown.data.earlier.map(({ slot }) => slot)).toEqual(shown.data.traces.map(({ slot }) => slot));
  });

  it('of a stack is one line: the sum of all groups that were there then', () => {
    const members = [{ series: 0, group: ['a'] }, { series: 1, group: ['b'] }]; // biome-ignore format: two members
    const then = [...members, { series: 2, group: ['gone'] }];
    const compare = changeOf(940, [[0, 1, 10], [1, 1, 20], [2, 1, 5]], { members: then }); // biome-ignore format: three cells
    const cells = [[0, 0, 1], [1, 0, 2]] as const; // biome-ignore format: two cells
    const info = infoOf({ groupBy: ['g'] });
    const shown = show(info, changeOf(1_000, cells, { members, compare }), { ...CHART, stack: true });
    expect(shown.data.earlier.map(({ name, slot }) => [name, slot])).toEqual([['prev 1 min', null]]);
    expect(earlierOf(shown)).toEqual([0, 35, 0, 0, 0, 0]);
    follow(shown, info, changeOf(1_000, [], { compare: changeOf(940, [[1, 1, 21], [1, 2, 7]]) })); // biome-ignore format: two cells
    expect(earlierOf(shown)).toEqual([0, 36, 7, 0, 0, 0]);
  });

  it('is none where nothing is compared', () => {
    expect(show(infoOf(), changeOf(1_000, [[0, 0, 9]], ONE)).data.earlier).toEqual([]);
  });
});
