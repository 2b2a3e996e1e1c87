import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { foldText } from '#contracts/metric/metric.ts';
import { UTC } from '#contracts/time/zone.ts';
import { previewId } from '#contracts/view/asked-metric.ts';
import { apply, emptyContents, type FrameView, type ViewContents } from '#contracts/view/frame.ts';
import type { CatalogFollower } from '#platform/definitions/follow.ts';
import { openCatalog } from '#platform/definitions/open-catalog.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import { sampleEvent, T0 } from '#platform/store/testing/store-samples.ts';
import { finish } from '../core/steps.ts';
import { ViewHub } from '../core/view-hub.ts';
import { openMemoryLog } from '../testing/start-gateway.ts';
import type { ArchivedPosition } from './archived-position.ts';
import { evaluateWhole, type KeepingDeps, type KeptPreview, refreshPreview } from './kept-preview.ts';
import { PreviewView } from './preview-view.ts';
import { readPreviewSubscription } from './read-preview.ts';
import { runPreview } from './run-preview.ts';

const BOUNDS = { cells: 100_000, hotBytes: 1e9, viewCells: 100_000, readRows: 1e6 };
const CAPS = { groups: 3 };
const MINUTE = 60_000;
const tools = { logger: createLogger('silent', 'test'), metrics: createMetrics(false) };

let catalog: CatalogFollower;
beforeAll(async () => {
  catalog = await openCatalog(await openMemoryLog(), tools);
});
afterAll(() => catalog.close());

const AGGREGATES = [
  'count',
  'rate',
  'sum(x)',
  'max(x)',
  'last(x)',
  'distinct($key)',
  'quantiles(x, 0.5, 0.9)',
  'share(s = a)',
  'sessions(20s)',
  'funnel(40s, s = a, s = b)',
  'increase(x)',
  'time_weighted(x, 30s)',
  'retention(1d, 2)',
  'topk(s, 2)',
];
const VIEWS = [
  {},
  { groupBy: [] },
  { window: { size: '1m', every: '20s' } },
  { window: { size: '10s', every: '30s' } },
  { window: 'whole' },
  { range: { this: 'hour' }, window: '30s' },
  { window: { calendar: 'hour' }, range: '2h' },
  { range: { from: T0 - MINUTE, to: T0 + 2 * MINUTE } },
  { compare: 'previous' },
  { top: { limit: 1 } },
];
const requests = fc.record({ aggregate: fc.constantFrom(...AGGREGATES), view: fc.constantFrom(...VIEWS) });
const event = fc.record({
  /** Seconds before or after the time that the data reaches. */
  at: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: -20, max: 0 }) },
    fc.integer({ min: -240, max: 30 }),
  ),
  part: fc.nat(1),
  event: fc.constantFrom('order', 'order', 'order', 'visit'),
  key: fc.constantFrom('k1', 'k2', null),
  properties: fc.record({
    d: fc.constantFrom('A', 'B', 'C', 'D', null),
    s: fc.constantFrom('a', 'b'),
    x: fc.oneof({ weight: 6, arbitrary: fc.nat(9) }, fc.constant('much')),
  }),
  kind: fc.constantFrom('live', 'live', 'live', 'imported', 'late'),
});
const rounds = fc.array(
  fc.record({ events: fc.array(event, { maxLength: 6 }), passed: fc.constantFrom(0, 1, 7, 10, 45) }),
  { minLength: 2, maxLength: 6 },
);

async function open(request: object, store: KeepingDeps['store']) {
  const asked = readPreviewSubscription(request, { horizon: 3_600_000, zoneOf: () => UTC });
  if (!asked.ok) throw new Error(asked.fault.message);
  const { known, view: plain } = asked.value;
  const hub = new ViewHub({ ...BOUNDS, offset: 0, ends: new Map(), commits: [], idOf: (text) => text });
  const shown = { ...plain, metric: previewId(foldText(known.metric)) };
  const view = new PreviewView(shown, known.aggregate.outputs(known.metric.aggregate).length);
  hub.adopt(view);
  const one: KeptPreview = {
    ...{ view, hub, asked: asked.value, at: null, took: 0, isEvaluating: false, notedAt: 0, isNoting: false },
    ...{ stop: new AbortController(), timer: setTimeout(() => {}, 0), isOpen: () => true },
  };
  const updateTail = { hub, atRest: <T>(work: () => Promise<T>) => work(), pump() {} };
  return { one, deps: { ...tools, store, catalog, updateTail, bounds: BOUNDS } };
}

/** What a client holds: series by group, cells by window. */
function shownBy({ series, partial, start, end, compare }: ViewContents): object {
  const cells = [...series.values()].flatMap(({ group, rest, cells: held, names }) =>
    [...held].map(([window, values]) =>
      [window, group.join(), rest ?? false, ...values, ...(names?.get(window) ?? [])].join(),
    ),
  );
  const earlier = compare === null ? null : shownBy(compare);
  return { cells: cells.sort(), partial: [...partial].sort(), start, end, earlier };
}
const give = (contents: ViewContents, change: FrameView, [from, to]: [number, number]) =>
  apply(contents, { epoch: 'e', from, to, views: [change] }, change);

it('whatever comes, what is kept up to date is what an evaluation of the whole shows, on every client', async () => {
  let [spans, cells] = [0, 0];
  await fc.assert(
    fc.asyncProperty(requests, rounds, async ({ aggregate, view }, all) => {
      const store = createMemoryStore({ aggregateOf });
      const definition = { event: 'order', aggregate, groupBy: ['d'], window: '10s', lateness: '30s' };
      const { one, deps } = await open({ definition, range: '2m', ...view }, store);
      const client = emptyContents();
      const offsets = [0, 0];
      let asOf = T0;
      for (const [round, { events, passed }] of all.entries()) {
        const rows = events.map(({ at, part, kind, properties, ...rest }) => {
          const watermark = kind === 'late' ? asOf + MINUTE : null;
          const over = { part, offset: offsets[part]!++, ts: asOf + at * 1_000, received: asOf };
          return sampleEvent({ ...over, ...rest, watermark, imported: kind === 'imported' }, properties);
        });
        await store.insertEvents(rows);
        asOf += passed * 1_000;
        const partitions = offsets.map((before, partition) => ({ partition, before }));
        const position: ArchivedPosition = { asOf, shown: asOf - 5_000, partitions, caps: CAPS };
        // As if the whole took long: windows are evaluated alone wherever they can be.
        one.took = Number.POSITIVE_INFINITY;
        if (one.at === null || (await refreshPreview(one, position, deps)) === 'whole')
          await evaluateWhole(one, position, deps);
        else spans += 1;
        // Records of the updates topic come meanwhile.
        const from = one.hub.offset;
        one.hub.apply(from, null);
        const change = finish(round === 0 ? one.view.snapshot() : one.view.changesSince(from));
        expect(give(client, change, [from, from + 1])).toBe('applied');
        const work = { position, bounds: BOUNDS, deps, stop: one.stop.signal, found() {}, progress() {} };
        const fresh = emptyContents();
        give(fresh, (await runPreview(one.asked, work)).contents, [0, 0]);
        expect(shownBy(client)).toEqual(shownBy(fresh));
        cells += one.view.cells;
      }
    }),
    { numRuns: 400 },
  );
  expect(Math.min(spans, cells)).toBeGreaterThan(300);
}, 120_000);
