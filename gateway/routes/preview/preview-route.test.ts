import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Store } from '#platform/store/store.ts';
import { sampleCommit, sampleEvent, T0 } from '#platform/store/testing/store-samples.ts';
import { PARTITIONS, startGateway, type TestGateway } from '../../testing/start-gateway.ts';

const NOW = T0 + 60_000;
const DEFINITION = { event: 'order', aggregate: 'sum(amount)', groupBy: ['country'] };

let gateway: TestGateway;
let hold: Promise<void> | null;
beforeEach(async () => {
  hold = null;
  gateway = await start();
});
afterEach(() => gateway.close());

const start = (over: Parameters<typeof startGateway>[1] = {}) =>
  startGateway({}, { wrapStore: held, clock: () => NOW, ...over });
/** The Store, whose folds wait as long as a test holds them. */
const held = (store: Store): Store => ({
  ...store,
  preview(scope) {
    const reads = store.preview(scope);
    return {
      ...reads,
      async survey(range) {
        await hold;
        return reads.survey(range);
      },
    };
  },
});
const ask = async (
  body: unknown,
  { key, type = 'application/json' }: { key?: string; type?: string } = {},
) => {
  const answer = await fetch(`${gateway.url}/v1/preview`, {
    method: 'POST',
    headers: { 'content-type': type, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
/** Partition 0 has events up to the offset 10, and both are committed and folded. */
async function fill(): Promise<void> {
  const at = (offset: number, over: object, properties: object) =>
    sampleEvent({ offset, ts: T0 + offset * 1_000, ...over }, properties);
  await gateway.store.insertEvents([
    at(0, {}, { country: 'DE', amount: 5 }),
    at(1, {}, { country: 'DE', amount: 7 }),
    at(2, {}, { country: 'FR', amount: '7' }),
    at(3, {}, { country: ['AT'], amount: 1 }),
    at(4, { watermark: T0 + 3_600_000 }, { country: 'DE', amount: 100 }),
    at(5, { imported: true }, { country: 'IT', amount: 2 }),
    at(6, { event: 'visit' }, {}),
    at(99, { ts: T0 }, { country: 'DE', amount: 1_000 }),
  ]);
  await gateway.store.insertCommits([sampleCommit(0, 10), sampleCommit(1, 3)]);
  await gateway.facts(NOW, { next: 3, committed: 3 });
}

it('shows what saving would give, what is not counted and why, and what it would cost', async () => {
  await fill();
  const { status, body } = await ask({ definition: DEFINITION, view: { window: '30s', range: '2m' } });
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body).toMatchObject({
    complete: true,
    progress: 1,
    metric: { id: 'preview', aggregate: 'sum(amount)', window: '10s' },
    events: {
      matched: 6,
      counted: 3,
      imported: 1,
      late: 1,
      skipped: [
        { field: 'country', expected: 'text, number, boolean or null', found: 'array', events: 1 },
        { field: 'amount', expected: 'number', found: 'text', events: 1 },
      ],
    },
    cost: { groups: 2, rows: 3 },
    similar: [],
    series: { metric: 'preview', window: 30_000, filled: { done: 2, of: 2 }, begins: T0 },
  });
  const { series, panes } = body.series as {
    series: { group: object; values: unknown[] }[];
    panes: number[];
  };
  const index = panes.indexOf(T0);
  const first = series.map(({ group, values }) => [group, values[index]]);
  expect(first).toEqual([
    [{ country: 'DE' }, 12],
    [{ country: 'IT' }, 2],
  ]);
  expect(gateway.catalog.catalog.metrics.size).toBe(0);
});

it('takes YAML as well, and names the metrics that are like it', async () => {
  await fill();
  await gateway.define('same', DEFINITION);
  await gateway.define('close', { ...DEFINITION, groupBy: [] });
  await gateway.define('other', { ...DEFINITION, aggregate: 'count' });
  const yaml = 'definition: { event: order, aggregate: sum(amount), groupBy: [country], title: New }';
  const { status, body } = await ask(yaml, { type: 'application/yaml' });
  expect([status, body.similar]).toEqual([
    200,
    [
      { metric: 'same', title: 'same', same: true },
      { metric: 'close', title: 'close', same: false },
    ],
  ]);
});

it.each([
  [{}, 'invalid_definition', 'definition'],
  [{ definition: DEFINITION, metric: 'x' }, 'invalid_definition', 'metric'],
  [{ definition: { ...DEFINITION, aggregate: 'sums(x)' } }, 'unknown_aggregate', 'aggregate'],
  [{ definition: { ...DEFINITION, evnt: 'x' } }, 'invalid_definition', 'evnt'],
  [{ definition: { expression: 'a / b' } }, 'invalid_definition', 'expression'],
  [{ definition: { ...DEFINITION, id: 'No' } }, 'invalid_definition', 'id'],
  [{ definition: DEFINITION, view: { metric: 'x' } }, 'invalid_view', 'view.metric'],
  [{ definition: DEFINITION, view: { window: '1500ms' } }, 'invalid_view', 'view.window'],
  [{ definition: DEFINITION, view: { groupBy: ['plan'] } }, 'invalid_view', 'view.groupBy'],
  [{ definition: DEFINITION, view: { where: { plan: 'pro' } } }, 'not_a_dimension', 'view.where'],
  [{ definition: DEFINITION, view: { window: '1s', range: '30d' } }, 'view_too_large', 'view.range'],
])('refuses %j as the definition or the view would be', async (body, code, field) => {
  await fill();
  expect(await ask(body)).toMatchObject({ status: 400, body: { code, field } });
});

it('says how far it is where it takes long; the same request goes on with it', async () => {
  await fill();
  const { promise, resolve } = Promise.withResolvers<void>();
  hold = promise;
  const first = await ask({ definition: DEFINITION });
  expect(first).toMatchObject({ status: 202, body: { complete: false, series: null, events: null } });
  const again = ask({ definition: DEFINITION });
  resolve();
  expect(await again).toMatchObject({ status: 200, body: { complete: true, events: { counted: 3 } } });
});

it('bounds how many are under way', async () => {
  await fill();
  const { promise, resolve } = Promise.withResolvers<void>();
  hold = promise;
  const asked = Array.from({ length: 5 }, (_, i) => ask({ definition: { ...DEFINITION, event: `e${i}` } }));
  const answers = await Promise.all(asked);
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 202, 429, 429]);
  expect(answers.find(({ status }) => status === 429)!.body).toMatchObject({ code: 'too_many_waits' });
  resolve();
});

it('ends with the gateway', async () => {
  await fill();
  hold = new Promise(() => {});
  const waiting = ask({ definition: DEFINITION });
  const other = ask({ definition: { ...DEFINITION, event: 'visit' } });
  await fetch(`${gateway.url}/live`);
  await gateway.gateway.drain();
  for (const { status, body } of await Promise.all([waiting, other]))
    expect([status, body.code]).toEqual([503, 'shutting_down']);
  expect((await ask({ definition: DEFINITION })).body).toMatchObject({ code: 'shutting_down' });
});

it('waits until the archive contains what the views show', async () => {
  await fill();
  await gateway.facts(NOW + 1_000, { next: 5, committed: 3 });
  const waiting = ask({ definition: DEFINITION });
  await gateway.store.insertEvents([
    sampleEvent({ part: 1, offset: 4, ts: T0 }, { country: 'DE', amount: 3 }),
  ]);
  await gateway.store.insertCommits([sampleCommit(1, 5)]);
  expect(await waiting).toMatchObject({ status: 200, body: { events: { counted: 4 } } });
});

it('is for callers who may read all metrics', async () => {
  await gateway.close();
  gateway = await start({ keysNeeded: true });
  const { key } = await gateway.makeKey({ metrics: ['orders'] });
  expect(await ask({ definition: DEFINITION }, { key })).toMatchObject({
    status: 403,
    body: { code: 'forbidden_metric' },
  });
  const { key: reader } = await gateway.makeKey({});
  expect(PARTITIONS).toBe(2);
  expect((await ask({}, { key: reader })).status).toBe(400);
});
