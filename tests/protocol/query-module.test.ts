import { afterAll, beforeAll, expect, it } from 'vitest';
import { createQueryClient, type QueryClient } from '#client/query/query-client.ts';
import type { Embedded } from '#embedded/app.ts';
import { eventually } from '../testing/eventually.ts';
import { startOwnStack } from './own-stack.ts';

/* Every question of the SDK, answered by a running Millrace: what comes back fits the schema of its contract. */

const METRIC = { event: 'paid', aggregate: 'sum(amount)', groupBy: ['country'], window: '10s' };

let stack: Embedded;
let query: QueryClient;
const at = Date.now() - 20_000;
const window = Math.floor(at / 10_000) * 10_000;

beforeAll(async () => {
  stack = await startOwnStack();
  query = createQueryClient({ url: stack.url });
  const headers = { 'content-type': 'application/json' };
  const send = (path: string, method: string, body: unknown) =>
    fetch(new URL(path, stack.url), { method, headers, body: JSON.stringify(body) });
  await send('v1/metrics/revenue', 'PUT', METRIC);
  const paid = (id: string, properties: object) => ({
    ...{ event: 'paid', id, key: 'u_1', timestamp: at, properties },
  });
  const events = [
    paid('a', { country: 'DE', amount: 40 }),
    paid('b', { country: 'DE', amount: 2.5 }),
    paid('c', { country: 'FR', amount: 'much' }),
  ];
  await send('v1/events', 'POST', events);
  await eventually(
    () => query.events({ key: 'u_1' }),
    (page) => page.events.length === 3,
  );
});
afterAll(() => stack?.close());

it('series', async () => {
  const { series } = await query.series({ metric: 'revenue', range: '1m', window: 'whole', groupBy: [] });
  expect(series).toEqual([{ group: {}, output: 'value', values: [42.5] }]);
});

it('explain and differs', async () => {
  const cells = { window, size: '10s', group: { country: 'DE' } };
  expect(await query.explain('revenue', cells)).toMatchObject({ count: 2, values: { value: 42.5 } });
  expect(await query.differs('revenue', cells)).toMatchObject({ inside: 2, outside: 0 });
  const all = await query.explain('revenue', { from: new Date(window), to: new Date(window + 10_000) });
  expect(all.skipped).toMatchObject([{ field: 'amount', found: 'text', count: 1 }]);
});

it('explainDerived', async () => {
  const body = JSON.stringify({ expression: 'revenue / 2', window: '10s' });
  const headers = { 'content-type': 'application/json' };
  await fetch(new URL('v1/metrics/half', stack.url), { method: 'PUT', headers, body });
  const { of } = await query.explainDerived('half', { window });
  expect(of).toMatchObject([{ metric: 'revenue', count: 2, values: { value: 42.5 } }]);
});

it('groups', async () => {
  const { levels, events } = await query.groups('revenue', { range: '1m' });
  expect([events, levels.map(({ distinct, other }) => [distinct, other])]).toEqual([2, [[1, 0]]]);
});

it('verdicts, and judge', async () => {
  const { verdicts } = await query.verdicts({ key: 'u_1', id: 'a' });
  expect(verdicts[0]!.metrics).toMatchObject([{ metric: 'revenue', outcome: 'counted', merged: false }]);
  const { position } = verdicts[0]!;
  expect((await query.verdicts({ position: position! })).verdicts).toMatchObject([{ id: 'a' }]);
  expect(await query.judge({ event: 'paid', properties: { amount: 'much', country: 'DE' } })).toMatchObject({
    metrics: [{ outcome: 'skipped', field: 'amount' }],
  });
  expect(await query.judge({ name: 'paid' })).toMatchObject({
    event: null,
    rejected: { code: 'unknown_field' },
  });
});

it('schema', async () => {
  const { events } = await eventually(
    () => query.schema({ event: 'paid' }),
    (answer) => answer.events[0]?.count === 3,
  );
  expect(events[0]!.properties.map(({ path, events: n }) => [path, n])).toEqual([
    ['amount', 3],
    ['country', 3],
  ]);
});

it('preview', async () => {
  const answer = await eventually(
    () => query.preview({ definition: METRIC, view: { range: '1m', window: 'whole', groupBy: [] } }),
    ({ complete }) => complete,
  );
  expect(answer.series!.series).toEqual([{ group: {}, output: 'value', values: [42.5] }]);
  expect(answer.similar).toMatchObject([{ metric: 'revenue', same: true }]);
});

it('rejected, and erasure', async () => {
  expect((await query.rejected({ limit: 1 })).rejected).toEqual([]);
  expect(await query.eraseEvents('u_1')).toMatchObject({ removed: 3, metrics: ['$events', 'revenue'] });
});
