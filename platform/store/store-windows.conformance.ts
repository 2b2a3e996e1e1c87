import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Aggregate } from '#aggregates/aggregate.ts';
import { aggregateOf } from '#aggregates/registry.ts';
import { inputFrom } from '#aggregates/testing/law-inputs.ts';
import type { Filter } from '#contracts/filter/filter.ts';
import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import type { View } from '#contracts/view/view.ts';
import type { GridWindows, ListWindows, StoreWindows } from '#contracts/view/windows.ts';
import type { PanePage, Store, WindowRange } from './store.ts';
import { naiveWindows } from './testing/naive-windows.ts';
import { sampleMetric, samplePane, T0 } from './testing/store-samples.ts';
import { storeWindowCasesConformance } from './window-cases.conformance.ts';

const CALLS: AggregateCall[] = [
  { name: 'count', field: null, args: [] },
  { name: 'sum', field: 'x', args: [] },
  { name: 'max', field: 'x', args: [] },
  { name: 'quantiles', field: 'x', args: [0.5, 0.99] },
  { name: 'median', field: 'x', args: [] },
  { name: 'percentile_rank', field: 'x', args: [-10, 300] },
  { name: 'distinct', field: 'x', args: [] },
  { name: 'last', field: 'x', args: [] },
  { name: 'histogram', field: 'x', args: [-10, 300] },
  { name: 'histogram', field: 'x', args: [] },
  { name: 'share', field: null, args: [], conditions: [{ path: 'x', op: 'gt', value: 0 }] },
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
type Made = typeof row extends fc.Arbitrary<infer T> ? T : never;

const seconds = (n: number): number => n * 1_000;
const size = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(20, 25, 40, 100)).map(seconds);
/** Tumbling, overlapping a little and much, with gaps, of sizes that are no multiple of the step; far longer than the range. */
const grid = fc.record({
  kind: fc.constant('grid' as const),
  size,
  every: size,
  origin: fc.oneof(
    fc.constant(0),
    fc.integer({ min: -20, max: 50 }).map((n) => T0 + seconds(n)),
  ),
});
const tumbling = size.map<GridWindows>((of) => ({ kind: 'grid', size: of, every: of, origin: 0 }));
const list = fc.uniqueArray(fc.integer({ min: -3, max: 30 }), { maxLength: 9 }).map<ListWindows>((all) => ({
  kind: 'list',
  bounds: all.sort((a, b) => a - b).map((n) => T0 + seconds(n)),
}));
const CONTAINS_E: Filter = { path: 'country', op: 'contains', text: 'E' };
const view = fc.record({
  windows: fc.oneof<fc.Arbitrary<StoreWindows>[]>(grid, grid, tumbling, list),
  groupBy: fc.subarray(DIMENSIONS),
  where: fc.constantFrom<View['where'][]>(
    [],
    [{ path: 'country', op: 'in', values: ['DE', "it's"] }],
    [
      { path: 'country', op: 'in', values: ['日本'] },
      { path: 'plan', op: 'in', values: [''] },
    ],
    [{ path: 'country', op: 'notIn', values: ['DE'] }],
    [{ op: 'not', of: { op: 'or', of: [CONTAINS_E, { path: 'plan', op: 'exists' }] } }],
    [
      {
        op: 'or',
        of: [
          { path: 'country', op: 'matches', text: '^[A-Z]+$' },
          { path: 'plan', op: 'gt', value: 1 },
        ],
      },
    ],
  ),
});
const time = fc.integer({ min: -5, max: 32 }).map((n) => T0 + seconds(n));
type Read = Pick<WindowRange, 'view' | 'form' | 'from' | 'to' | 'starts'>;
const asked: fc.Arbitrary<Read> = fc.record(
  {
    view,
    form: fc.constantFrom<WindowRange['form'][]>('state', 'reduced'),
    from: fc.oneof(fc.constant(T0), time),
    to: fc.oneof(fc.constant(T0 + 25_000), time),
    starts: fc.record({ from: time, to: time }),
  },
  { requiredKeys: ['view', 'form', 'from', 'to'] },
);

/** Rows merged into windows, pages, and counts: what readers of long ranges ask for. */
export function storeWindowsConformance(storeOf: () => Store): void {
  let count = 0;
  const compare = async (call: AggregateCall, made: readonly Made[], reads: readonly Read[]) => {
    const aggregate = aggregateOf(call);
    const id = `windows.${call.name}.${count++}`;
    const metric = sampleMetric({ id, aggregate: call, groupBy: DIMENSIONS });
    const store = storeOf();
    await store.insertPanes(made.map((one) => ({ ...paneOf(one, aggregate), metric: id })));
    for (const read of reads) {
      const range = { metric: id, version: 1, from: read.from, to: read.to };
      const held = await store.readPanes(range);
      const wanted = naiveWindows(held, { metric, ...read }, aggregate);
      const windows: WindowRange = { ...read, metric, version: 1 };
      expect(await store.readWindows(windows)).toEqual(wanted);
      const limit = 1 + (wanted.length % 4);
      expect(await readWindowPages(store, windows, limit)).toEqual(wanted);
      expect(await readPanePages(store, range, 4)).toEqual(held);
      expect((await store.countPanes(range)).rows).toBeGreaterThanOrEqual(held.length);
    }
  };
  const manyOf = <T>(one: fc.Arbitrary<T>, length: number) =>
    fc.array(one, { minLength: length, maxLength: length });
  const rows = fc.array(row, { maxLength: 25 });

  describe('windows', () => {
    test('of every kind, cut in any way, are what the rows in them give', async () => {
      const run = (made: Made[], reads: Read[]) => compare(CALLS[0]!, made, reads);
      await fc.assert(fc.asyncProperty(rows, manyOf(asked, 6), run), { numRuns: 15 });
    });

    test.each(CALLS)('of $name are what the rows give, merged in plain code', async (call) => {
      const run = (made: Made[], reads: Read[]) => compare(call, made, reads);
      await fc.assert(fc.asyncProperty(rows, manyOf(asked, 2), run), { numRuns: 4 });
    });

    storeWindowCasesConformance(storeOf);
  });
}

function paneOf({ values, pane, ...rest }: Made, aggregate: Aggregate): PaneRow {
  const start = T0 + seconds(pane);
  const state = aggregate.create();
  for (const [index, value] of values.entries()) {
    aggregate.add(state, inputFrom(aggregate, value), { ts: start, part: 0, offset: start, index });
  }
  return samplePane({ ...rest, pane: start, state: aggregate.encode(state) });
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
