import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OTHER } from '#contracts/metric/dimension.ts';
import { apply, emptyContents, type FrameView, type Member } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { createColorSlots } from '../ink/color-slots.ts';
import { buildTraces, NO_TRACES } from './build-traces.ts';
import { ALIKE, groupsIn } from './choose-drawn.ts';
import { createTraceData, type TraceData } from './trace-data.ts';

const WINDOW = 10;
const START = 1_000;
const RANGE = 320;

const infoOf = (adds: ViewInfo['adds']): ViewInfo => ({
  ...{ view: 'v', metric: 'm', version: 1, title: '', unit: '', better: null, outputs: ['value'] },
  ...{ empty: adds === 'nothing' ? 'none' : 'zero', adds, groupBy: ['g'] },
  ...{ window: WINDOW, range: RANGE, pane: 1, events: null },
});

/** A panel that follows a view whose frames give `cells` as [series, window number from the start, value]. */
function follow(adds: ViewInfo['adds'], stack: boolean, hidden: readonly string[] = []) {
  const info = infoOf(adds);
  const contents = emptyContents();
  const slots = createColorSlots();
  let offset = 0;
  const fresh = (): TraceData =>
    createTraceData([], {
      stack,
      hidden: new Set(hidden),
      palette: { claim: (keys) => slots.claim('panel', keys) },
    });
  const data = fresh();
  return {
    data,
    slots,
    /** What a panel that begins now would show. */
    anew(): TraceData {
      const other = fresh();
      other.load(info, contents);
      return other;
    },
    frame(
      cells: readonly (readonly [number, number, number])[],
      closed: number,
      members?: Member[],
      ranked?: number,
    ): void {
      const windows = [...new Set(cells.map(([, w]) => START + w * WINDOW))].sort((a, b) => a - b);
      const change: FrameView = {
        ...{ view: 'v', version: 1, received: null, asOf: 0, partial: [] },
        ...(offset === 0 ? { snapshot: true as const } : {}),
        ...(members === undefined ? {} : { members }),
        ...(ranked === undefined ? {} : { groups: ranked }),
        ...{ watermark: START + closed * WINDOW, start: START, end: START + RANGE, windows },
        at: cells.map(([, w]) => windows.indexOf(START + w * WINDOW)),
        series: cells.map(([series]) => series),
        values: [cells.map(([, , value]) => value)],
      };
      const result = apply(contents, { epoch: 'e', from: offset, to: offset + 1, views: [change] }, change);
      expect(result).toBe('applied');
      offset++;
      if (change.snapshot) data.load(info, contents);
      else data.update(info, contents, change);
    },
  };
}

const groups = (n: number): Member[] =>
  Array.from({ length: n }, (_, i) => ({ series: i, group: [`g${i}`] }));
const names = (data: TraceData): string[] => data.traces.map((t) => t.name);
const at = (data: TraceData, window: number): number[] =>
  data.traces.map((t) => data.value(t, START / WINDOW + window));

describe('a panel with many groups', () => {
  it('draws the eight largest, and the sum of the others where values add', () => {
    const panel = follow('groups', true);
    panel.frame(
      groups(12).map(({ series }) => [series, 0, series + 1] as const),
      1,
      groups(12),
    );
    const values = Object.fromEntries(names(panel.data).map((name, i) => [name, at(panel.data, 0)[i]]));
    const largest = { g11: 12, g10: 11, g9: 10, g8: 9, g7: 8, g6: 7, g5: 6, g4: 5 };
    expect(values).toEqual({ ...largest, '4 others': 1 + 2 + 3 + 4 });
    expect([names(panel.data)[0], names(panel.data).at(-1)]).toEqual(['g11', '4 others']);
    const slots = panel.data.traces.map((t) => t.slot!.number);
    expect([[...slots].sort(), slots.at(-1)]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8], 0]);
    for (let i = 1; i < slots.length; i++)
      for (const pair of ALIKE) expect([slots[i - 1], slots[i]].every((n) => pair.includes(n!))).toBe(false);
    expect([panel.data.stacked, panel.data.hidden]).toEqual([true, 0]);
  });

  it('draws the next largest in place of one that is hidden, and has it in no sum', () => {
    const panel = follow('groups', true, ['g11', 'g0']);
    panel.frame(
      groups(12).map(({ series }) => [series, 0, series + 1] as const),
      1,
      groups(12),
    );
    const values = Object.fromEntries(names(panel.data).map((name, i) => [name, at(panel.data, 0)[i]]));
    const largest = { g10: 11, g9: 10, g8: 9, g7: 8, g6: 7, g5: 6, g4: 5, g3: 4 };
    expect(values).toEqual({ ...largest, '2 others': 2 + 3 });
  });

  it('draws no sum of values that do not add, stacks none, and says how many are missing', () => {
    const panel = follow('nothing', true);
    panel.frame(
      groups(11).map(({ series }) => [series, 0, series + 1] as const),
      1,
      groups(11),
    );
    expect(names(panel.data)).toEqual(['g10', 'g3', 'g4', 'g5', 'g6', 'g7', 'g8', 'g9']);
    expect([panel.data.stacked, panel.data.hidden]).toEqual([false, 3]);
  });

  it('counts what the aggregator calls "other" among the others, grey and last', () => {
    const panel = follow('windows', true);
    const few = [{ series: 9, group: [OTHER] }, ...groups(2)];
    panel.frame(
      [
        [9, 0, 100],
        [0, 0, 1],
        [1, 0, 2],
      ],
      1,
      few,
    );
    expect(names(panel.data)).toEqual(['g1', 'g0', 'other']);
    expect(panel.data.traces[2]!.slot).toEqual({ number: 0 });
    const many = [{ series: 20, group: [OTHER] }, ...groups(9)];
    panel.frame([[20, 0, 100], ...groups(9).map(({ series }) => [series, 0, 1] as const)], 1, many);
    expect(names(panel.data).at(-1)).toBe('others');
    expect(at(panel.data, 0).at(-1)).toBe(101);
  });

  it('names what a view leaves out by how many groups that are, grey', () => {
    const panel = follow('windows', false);
    const rest = { series: 9, group: ['__others__'], rest: true as const };
    const cells = [0, 1, 9].map((series) => [series, 0, 5] as const);
    panel.frame(cells, 1, [...groups(2), rest], 153);
    expect(names(panel.data)).toEqual(['g0', 'g1', '151 others']);
    expect(panel.data.traces[2]!.slot).toEqual({ number: 0 });
    expect([panel.data.ranked, groupsIn(panel.data.traces)]).toEqual([153, 2]);
  });

  it('adds those that it leaves out itself, and counts all of them', () => {
    const panel = follow('windows', false);
    const rest = { series: 20, group: ['__others__'], rest: true as const };
    const cells = groups(10).map(({ series }) => [series, 0, 50 - series] as const);
    panel.frame([...cells, [20, 0, 100]], 1, [...groups(10), rest], 153);
    expect(names(panel.data).at(-1)).toBe('145 others');
    expect(at(panel.data, 0).at(-1)).toBe(100 + 41 + 42);
  });

  it('says how many groups a view leaves out whose values do not add', () => {
    const panel = follow('nothing', false);
    panel.frame(
      groups(3).map(({ series }) => [series, 0, 1] as const),
      1,
      groups(3),
      40,
    );
    expect([names(panel.data), panel.data.hidden]).toEqual([['g0', 'g1', 'g2'], 37]);
  });

  it('keeps the order of a stack from tick to tick, and follows a lasting change', () => {
    const panel = follow('windows', true);
    panel.frame(
      [
        [0, 0, 50],
        [1, 0, 40],
      ],
      1,
      groups(2),
    );
    panel.frame(
      [
        [0, 1, 1],
        [1, 1, 15],
      ],
      2,
    );
    expect(names(panel.data)).toEqual(['g0', 'g1']);
    const { shape } = panel.data;
    for (let w = 2; w < 9; w++) panel.frame([[1, w, 50]], w + 1);
    expect(names(panel.data)).toEqual(['g1', 'g0']);
    expect(panel.data.shape).toBe(shape + 1);
  });

  it('gives the slot of one that left its place to the one that came', () => {
    const panel = follow('windows', true);
    panel.frame(
      groups(9).map(({ series }) => [series, 0, 9 - series] as const),
      1,
      groups(9),
    );
    const left = panel.data.traces.find((t) => t.name === 'g7')!.slot!.number;
    expect(left).toBeGreaterThan(0);
    for (let w = 1; w < 6; w++) panel.frame([[8, w, 9]], w + 1);
    const risen = panel.data.traces.find((t) => t.name === 'g8');
    expect(risen?.slot?.number).toBe(left);
    expect(names(panel.data)).not.toContain('g7');
  });

  it('shows, after any frames, the values that a panel that begins now shows', () => {
    const cell = fc.tuple(fc.nat({ max: 13 }), fc.nat({ max: 30 }), fc.integer({ min: 0, max: 99 }));
    const step = fc.record({
      cells: fc.array(cell, { maxLength: 6 }),
      count: fc.integer({ min: 1, max: 14 }),
      joins: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const panel = follow('windows', true);
        panel.frame([], 0, groups(5));
        let present = 5;
        steps.forEach(({ cells, count, joins }, i) => {
          if (joins) present = count;
          panel.frame(
            cells.filter(([series]) => series < present),
            i,
            joins ? groups(present) : undefined,
          );
        });
        const anew = panel.anew();
        for (let w = 0; w < 31; w++) expect(sum(at(panel.data, w))).toBe(sum(at(anew, w)));
        for (const trace of panel.data.traces.filter((t) => !t.rest)) {
          const same = anew.traces.find((t) => t.key === trace.key);
          if (same === undefined) continue;
          for (let i = 100; i < 132; i++) expect(panel.data.value(trace, i)).toBe(anew.value(same, i));
        }
      }),
    );
  });

  it('reads 2,000 groups once a ranking, not once a tick', () => {
    const panel = follow('windows', true);
    const all = groups(2_000);
    panel.frame(
      all.flatMap(({ series }) => [0, 1].map((w) => [series, w, 2_000 - series] as const)),
      2,
      all,
    );
    expect(panel.data.traces).toHaveLength(9);
    let reads = 0;
    const { ring } = panel.data.traces[0]!;
    const { get } = ring;
    ring.get = (index) => {
      reads++;
      return get(index);
    };
    for (let i = 0; i < 20; i++) panel.frame([[5, 2, i]], 2);
    expect(reads).toBe(0);
    panel.frame([[1_500, 2, 7]], 2);
    expect(at(panel.data, 2).at(-1)).toBe(7);
    expect(names(panel.data).at(-1)).toBe('1\u00a0992 others');
  });
});

const sum = (values: readonly number[]): number =>
  values.filter((v) => !Number.isNaN(v)).reduce((a, b) => a + b, 0);

describe('what a colour follows from', () => {
  const contents = emptyContents();
  contents.series.set(0, { group: ['web'], cells: new Map() });
  const colorKeys = (info: Partial<ViewInfo>, outputs: string[] = []): string[] =>
    buildTraces({ ...infoOf('windows'), ...info }, contents, outputs, NO_TRACES).all.map((t) => t.colorKey);

  it('is the group wherever it has one value, whatever is measured', () => {
    const shop = { groupBy: ['channel'] };
    expect(colorKeys({ ...shop, metric: 'orders' })).toEqual(colorKeys({ ...shop, metric: 'revenue' }));
    expect(colorKeys({ groupBy: ['device'] })).not.toEqual(colorKeys(shop));
  });

  it('is the value too where a group has several, however many of them are shown', () => {
    const outputs = { outputs: ['p50', 'p99'], groupBy: ['channel'] };
    const both = colorKeys(outputs);
    expect(new Set(both).size).toBe(2);
    expect(colorKeys(outputs, ['p99'])).toEqual([both[1]]);
  });
});
