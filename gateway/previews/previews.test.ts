import { afterEach, expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { UTC } from '#contracts/time/zone.ts';
import { resolveView } from '#contracts/view/resolve-view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { createOneAtATime } from '#platform/process/tasks/one-at-a-time.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import type { Store } from '#platform/store/store.ts';
import { sampleCommit, sampleEvent, sampleMetric, T0 } from '#platform/store/testing/store-samples.ts';
import { ViewHub } from '../core/view-hub.ts';
import { createPreviews, type Previews, type PreviewsDeps } from './previews.ts';

const BOUNDS = { cells: 10_000, hotBytes: 1e9, viewCells: 10_000, readRows: 1e6 };
const MINUTE = 60_000;

let previews: Previews;
afterEach(() => previews.close());

/** Ten events, one a minute, and a hub that is at the end of them. */
async function open(over: Partial<PreviewsDeps> = {}, wrap = (store: Store): Store => store) {
  const store = createMemoryStore({ aggregateOf });
  const at = (i: number) => sampleEvent({ offset: i, ts: T0 + i * MINUTE, received: T0 + i * MINUTE });
  await store.insertEvents(Array.from({ length: 10 }, (_, i) => at(i)));
  await store.insertCommits([sampleCommit(0, 10)]);
  const hub = new ViewHub({
    ...BOUNDS,
    offset: 0,
    ends: new Map([[0, 10]]),
    commits: await store.readCommits(),
    idOf: (text) => text,
  });
  const asOf = T0 + 10 * MINUTE;
  const facts = { partition: 0, next: 10, committed: 10, watermark: asOf, asOf, shown: asOf };
  hub.apply(0, { kind: 'facts', partitions: [facts] });
  const logger = createLogger('silent', 'test');
  const deps = { store: wrap(store), logger, metrics: createMetrics(false) };
  previews = createPreviews({
    ...deps,
    updateTail: { hub },
    bounds: BOUNDS,
    turns: createOneAtATime(),
    ...over,
  });
}

function ask(view: Partial<ViewRequest> = {}, gone = new AbortController().signal, owner = 'me') {
  const metric = sampleMetric();
  const aggregate = aggregateOf(metric.aggregate);
  const request = { metric: metric.id, window: '1m', range: '10m', ...view };
  const resolved = resolveView(request, metric, { zoneOf: () => UTC, outputs: ['value'] });
  if (!resolved.ok) throw new Error(resolved.fault.message);
  return previews.ask({ known: { version: 0, metric, aggregate }, view: resolved.value, owner, gone });
}

it('gives the newest part of a range with many events first, and says so', async () => {
  let go = (): void => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  let looks = 0;
  const wrap = (store: Store): Store => ({
    ...store,
    preview: (scope) => {
      const reads = store.preview(scope);
      const survey: typeof reads.survey = async (range) => {
        looks += 1;
        if (looks > 1) await held;
        return reads.survey(range);
      };
      return { ...reads, survey };
    },
  });
  await open({ slices: { first: 3, most: 100 }, answerAfter: 200 }, wrap);
  let part = await ask();
  while (part.previewed === null) part = await ask();
  expect(part).toMatchObject({ complete: false, previewed: { tally: { counted: 3 } } });
  expect(part.previewed.span.from).toBeGreaterThan(T0 + 6 * MINUTE);
  expect(part.previewed.contents.windows.length).toBeLessThanOrEqual(3);
  go();
  const whole = await ask();
  expect(whole).toMatchObject({ complete: true, previewed: { tally: { counted: 9 } } });
  expect(whole.previewed!.contents.values[0]!.slice(-2)).toEqual(
    part.previewed.contents.values[0]!.slice(-2),
  );
});

it('gives no part where its values would not be those of the whole', async () => {
  await open({ slices: { first: 3, most: 100 } });
  for (const view of [{ window: 'whole' }, { compare: 'previous' }] as const)
    expect(await ask(view)).toMatchObject({ complete: true });
});

it.each<[string, Partial<ViewRequest>]>([
  ['tumbling windows', {}],
  ['overlapping windows', { window: { size: '4m', every: '1m' } }],
  ['windows with gaps', { window: { size: '1m', every: '3m' }, range: '15m' }],
  ['periods of a calendar', { window: { calendar: 'hour', timezone: 'UTC' }, range: '3h' }],
  ['one window', { window: 'whole' }],
  ['an earlier range', { range: '5m', compare: 'previous' }],
  [
    'a range that ends before now',
    { range: { from: new Date(T0).toISOString(), to: new Date(T0 + 6 * MINUTE).toISOString() } },
  ],
])('shows the same of %s whatever the slices', async (_, view) => {
  const answers: unknown[] = [];
  for (const slices of [
    { first: 1_000, most: 1_000 },
    { first: 1, most: 1 },
    { first: 2, most: 3 },
  ]) {
    await open({ slices });
    const { complete, previewed } = await ask(view);
    const { contents, tally, size, span } = previewed!;
    answers.push({ complete, contents, tally, size, span });
    previews.close();
  }
  expect(answers[0]).toMatchObject({ complete: true });
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});

it('ends what nobody waits for any more', async () => {
  const { promise: held, resolve } = Promise.withResolvers<void>();
  let windows = 0;
  await open({ answerAfter: 10 }, (store) => ({
    ...store,
    preview: (scope) => {
      const reads = store.preview(scope);
      return {
        ...reads,
        async survey(range) {
          await held;
          return reads.survey(range);
        },
        async readWindows(range) {
          windows += 1;
          return reads.readWindows(range);
        },
      };
    },
  }));
  const gone = new AbortController();
  const asked = ask({}, gone.signal);
  gone.abort();
  expect(await asked).toMatchObject({ complete: false, previewed: null });
  previews.close();
  resolve();
  await expect(ask()).rejects.toMatchObject({ code: 'shutting_down' });
  expect(windows).toBe(0);
});

it('passes on why the archive cannot be read, and asks again the next time', async () => {
  let failures = 1;
  await open({}, (store) => ({
    ...store,
    preview: (scope) => {
      if (failures-- > 0) throw new Error('broken');
      return store.preview(scope);
    },
  }));
  await expect(ask()).rejects.toThrow('broken');
  expect(await ask()).toMatchObject({ complete: true });
});
