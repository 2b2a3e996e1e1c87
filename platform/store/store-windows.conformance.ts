import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import type { View } from '#contracts/view/view.ts';
import { mergeRows } from './memory/merge-rows.ts';
import type { PanePage, Store, WindowRange } from './store.ts';
import { sampleMetric, samplePane, T0 } from './testing/store-samples.ts';

const CALLS: AggregateCall[] = [
  { name: 'count', field: null, args: [] },
  { name: 'sum', field: 'x', args: [] },
  { name: 'max', field: 'x', args: [] },
  { name: 'quantiles', field: 'x', args: [0.5, 0.99] },
  { name: 'distinct', field: 'x', args: [] },
  { name: 'last', field: 'x', args: [] },
];
const DIMENSIONS = ['country', 'plan'];

const row = fc.record({
  pane: fc.integer({ min: 0, max: 30 }),
  group: fc.tuple(fc.constantFrom('DE', "it's", '__other__', '日本'), fc.constantFrom('pro', '')),
  part: fc.constantFrom('0', '1', '~0'),
  // Whole numbers, so that the order of additions does not show.
  values: fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 5 }),
  next: fc.integer({ min: 1, max: 3 }),
});
const view = fc.record({
  window: fc.constantFrom(1_000, 5_000, 20_000),
  groupBy: fc.subarray(DIMENSIONS),
  where: fc.constantFrom<View['where'][]>(
    [],
    [{ dimension: 'country', values: ['DE', "it's"] }],
    [
      { dimension: 'country', values: ['日本'] },
      { dimension: 'plan', values: [''] },
    ],
  ),
});

/** Rows merged into windows, pages, and counts: what readers of long ranges ask for. */
export function storeWindowsConformance(storeOf: () => Store): void {
  describe('windows', () => {
    let count = 0;
    test.each(CALLS)('of $name are what the rows give, merged in plain code', async (call) => {
      const aggregate = aggregateOf(call);
      const stateOf = (values: number[], pane: number) => {
        const state = aggregate.create();
        values.forEach((value, index) => {
          const input =
            aggregate.input === 'text' ? String(value) : aggregate.input === 'none' ? undefined : value;
          aggregate.add(state, input, { ts: pane, part: 0, offset: pane, index });
        });
        return aggregate.encode(state);
      };
      const from = fc.integer({ min: 0, max: 20 });
      const run = async (
        list: (typeof row extends fc.Arbitrary<infer T> ? T : never)[],
        of: typeof view extends fc.Arbitrary<infer T> ? T : never,
        first: number,
      ) => {
        const metric = sampleMetric({
          id: `windows.${call.name}.${count++}`,
          aggregate: call,
          groupBy: DIMENSIONS,
        });
        const rows = list.map(({ values, pane, ...rest }) =>
          samplePane({
            ...rest,
            metric: metric.id,
            pane: T0 + pane * 1_000,
            state: stateOf(values, T0 + pane),
          }),
        );
        const store = storeOf();
        await store.insertPanes(rows);
        const range = { from: T0 + first * 1_000, to: T0 + 25_000 };
        const held = await store.readPanes({ metric: metric.id, version: 1, ...range });
        const wanted = mergeRows(held, { metric, aggregate }, of);
        const asked: WindowRange = { metric, version: 1, ...range, view: of };
        expect(await store.readWindows(asked)).toEqual(wanted);
        expect(await readWindowPages(store, asked, 3)).toEqual(wanted);
        expect(await readPanePages(store, { metric: metric.id, version: 1, ...range }, 4)).toEqual(held);
        const { rows: counted } = await store.countPanes({ metric: metric.id, version: 1, ...range });
        expect(counted).toBeGreaterThanOrEqual(held.length);
      };
      await fc.assert(fc.asyncProperty(fc.array(row, { maxLength: 25 }), view, from, run), { numRuns: 6 });
    });
  });
}

async function readWindowPages(store: Store, range: WindowRange, limit: number): Promise<WindowRow[]> {
  const rows: WindowRow[] = [];
  for (;;) {
    const after = rows.at(-1);
    const page = await store.readWindows({ ...range, limit, ...(after === undefined ? {} : { after }) });
    rows.push(...page);
    if (page.length < limit) return rows;
  }
}

async function readPanePages(store: Store, range: PanePage, limit: number): Promise<PaneRow[]> {
  const rows: PaneRow[] = [];
  for (;;) {
    const after = rows.at(-1);
    const page = await store.readPanes({ ...range, limit, ...(after === undefined ? {} : { after }) });
    rows.push(...page);
    if (page.length < limit) return rows;
  }
}
