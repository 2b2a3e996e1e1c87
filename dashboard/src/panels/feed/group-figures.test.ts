import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  apply,
  emptyContents,
  type Frame,
  type FrameView,
  type ViewContents,
} from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { createGroupFigures, type GroupFigures } from './group-figures.ts';

const WINDOW = 10;
const infoOf = (more: Partial<ViewInfo>): ViewInfo => ({
  view: 'v',
  metric: 'm',
  version: 1,
  title: '',
  unit: '',
  better: null,
  outputs: ['sum'],
  empty: 'zero',
  adds: 'windows',
  groupBy: ['page'],
  window: WINDOW,
  range: 60,
  pane: WINDOW,
  events: null,
  ...more,
});

interface Cell {
  series: number;
  window: number;
  value: number | null;
}

/** A frame over windows 0 to 60 of which those below `watermark` are closed. */
function frameOf(
  offset: number,
  cells: Cell[],
  { watermark = 50, end = 60, members }: { watermark?: number; end?: number; members?: string[] } = {},
): FrameView {
  const windows = [...new Set(cells.map((c) => c.window))].sort((a, b) => a - b);
  return {
    view: 'v',
    version: 1,
    ...(offset === 0 ? { snapshot: true as const } : {}),
    received: null,
    watermark,
    asOf: watermark,
    start: end - 60,
    end,
    windows,
    at: cells.map((c) => windows.indexOf(c.window)),
    series: cells.map((c) => c.series),
    values: [cells.map((c) => c.value)],
    partial: [],
    ...(members ? { members: members.map((name, series) => ({ series, group: [name] })) } : {}),
  };
}

function take(contents: ViewContents, offset: number, change: FrameView): FrameView {
  const frame: Frame = { epoch: 'e', from: offset - 1, to: offset, views: [] };
  expect(apply(contents, frame, change)).toBe('applied');
  return change;
}

const figuresOf = (figures: GroupFigures): Record<string, number> =>
  Object.fromEntries([...figures.rows].map((row) => [row.group[0], row.figures[0]!]));

it('adds the windows of the range, the open one included, and follows every change', () => {
  const figures = createGroupFigures([]);
  const [contents, info] = [emptyContents(), infoOf({})];
  const first = [
    { series: 0, window: 0, value: 100 },
    { series: 0, window: 40, value: 3 },
    { series: 0, window: 50, value: 2 },
    { series: 1, window: 30, value: 9 },
  ];
  take(contents, 0, frameOf(0, first, { members: ['/', '/cart'] }));
  figures.load(info, contents);
  figures.refresh(55, 40);
  expect(figures.span).toEqual({ kind: 'sum', from: 20, to: 60, closed: 50 });
  expect(figuresOf(figures)).toEqual({ '/': 5, '/cart': 9 });
  expect([...figures.rows].map((row) => row.changed)).toEqual([0, 0]);
  figures.update(info, contents, take(contents, 1, frameOf(1, [{ series: 0, window: 50, value: 7 }])));
  figures.refresh(56, 40);
  expect(figuresOf(figures)).toEqual({ '/': 10, '/cart': 9 });
  expect([...figures.rows].map(({ changed, still }) => [changed, still])).toEqual([
    [56, 1],
    [0, 0],
  ]);
  // The range moves on: a sum that shrinks by it is no news.
  figures.update(info, contents, take(contents, 2, frameOf(2, [], { watermark: 60, end: 80 })));
  figures.refresh(75, 40);
  expect(figuresOf(figures)).toEqual({ '/': 10, '/cart': 0 });
  expect([...figures.rows].map((row) => row.changed)).toEqual([56, 0]);
});

it('shows the newest closed window where values do not add over windows, and no value as none', () => {
  const figures = createGroupFigures([]);
  const [contents, info] = [emptyContents(), infoOf({ adds: 'nothing', empty: 'none' })];
  const first = [
    { series: 0, window: 40, value: 3 },
    { series: 0, window: 50, value: 90 },
    { series: 1, window: 30, value: 9 },
  ];
  take(contents, 0, frameOf(0, first, { members: ['a', 'b'] }));
  figures.load(info, contents);
  figures.refresh(55, 40);
  expect(figures.span).toEqual({ kind: 'closed', from: 40, to: 50, closed: 50 });
  expect(figuresOf(figures)).toEqual({ a: 3, b: Number.NaN });
  expect(figures.history(1, 30)).toEqual([Number.NaN, 9, Number.NaN]);
});

it('has no figure where a value, or the sum of the windows, is beyond every double', () => {
  const figures = createGroupFigures([]);
  const [contents, info] = [emptyContents(), infoOf({})];
  const cells = [
    { series: 0, window: 20, value: 1 },
    { series: 0, window: 30, value: null },
    { series: 1, window: 20, value: Number.MAX_VALUE },
    { series: 1, window: 30, value: Number.MAX_VALUE },
    { series: 2, window: 20, value: 5 },
  ];
  take(contents, 0, { ...frameOf(0, cells, { members: ['a', 'b', 'c'] }), overflow: [1] });
  figures.load(info, contents);
  figures.refresh(55, 60);
  expect(figuresOf(figures)).toEqual({ a: Number.NaN, b: Number.NaN, c: 5 });
});

it('shows the open window, as such, where none was closed yet', () => {
  const figures = createGroupFigures([]);
  const contents = emptyContents();
  take(contents, 0, frameOf(0, [{ series: 0, window: 50, value: 4 }], { members: ['a'] }));
  figures.load(infoOf({ adds: 'groups' }), contents);
  figures.refresh(55, 40);
  expect(figures.span).toEqual({ kind: 'open', from: 50, to: 60, closed: 50 });
  expect(figuresOf(figures)).toEqual({ a: 4 });
});

it('equals, bit by bit, figures computed from the contents alone, after any changes', () => {
  const cell = fc.record({
    series: fc.nat(3),
    window: fc.nat(11).map((n) => n * WINDOW),
    value: fc.option(fc.double({ noNaN: true, min: -1e9, max: 1e9 })),
  });
  const step = fc.record({
    cells: fc.array(cell, { maxLength: 8 }),
    on: fc.nat(2),
    grow: fc.boolean(),
    drawn: fc.boolean(),
  });
  const adds = fc.constantFrom('windows' as const, 'groups' as const, 'nothing' as const);
  const empty = fc.constantFrom('zero' as const, 'none' as const);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), adds, empty, (steps, adds, empty) => {
      const info = infoOf({ adds, empty });
      const contents = emptyContents();
      const running = createGroupFigures([]);
      let [end, members] = [60, ['a', 'b']];
      take(contents, 0, frameOf(0, [], { members }));
      running.load(info, contents);
      steps.forEach(({ cells, on, grow, drawn }, i) => {
        end += on * WINDOW;
        if (grow) members = [...members, `n${i}`].reverse();
        const change = frameOf(i + 1, cells, { watermark: end - 15, end, ...(grow ? { members } : {}) });
        running.update(info, contents, take(contents, i + 1, change));
        if (!drawn) return;
        const anew = createGroupFigures([]);
        anew.load(info, contents);
        for (const figures of [running, anew]) figures.refresh(end - 5, 40);
        expect(figuresOf(running)).toEqual(figuresOf(anew));
      });
    }),
    { numRuns: 60 },
  );
});

it('forms only what changed: two thousand groups of nine hundred windows cost a frame what it brings', () => {
  const [GROUPS, WINDOWS] = [2_000, 900];
  const contents = emptyContents();
  const end = WINDOWS * WINDOW;
  let looked = 0;
  class Counted extends Map<number, (number | null)[]> {
    override [Symbol.iterator](): MapIterator<[number, (number | null)[]]> {
      looked++;
      return super[Symbol.iterator]();
    }
  }
  const cells = (): Counted =>
    new Counted(Array.from({ length: 9 }, (_, i) => [end - (i + 1) * WINDOW, [1]]));
  Object.assign(contents, {
    start: 0,
    end,
    watermark: end - WINDOW,
    cursor: { epoch: 'e', offset: 0 },
    version: 1,
  });
  for (let g = 0; g < GROUPS; g++) contents.series.set(g, { group: [`${g}`], cells: cells() });
  const figures = createGroupFigures([]);
  const info = infoOf({ range: end });
  figures.load(info, contents);
  figures.refresh(end - 1, end);
  expect(looked).toBe(GROUPS);
  for (let i = 1; i <= 20; i++) {
    const change = {
      ...frameOf(i, [{ series: i, window: end - WINDOW, value: i }]),
      start: 0,
      end,
      watermark: end - WINDOW,
    };
    figures.update(info, contents, take(contents, i, change));
    expect(figures.refresh(end - 1, end)).toBe(true);
    expect(figures.refresh(end - 1, end)).toBe(false);
  }
  expect(looked).toBe(GROUPS + 20);
});
