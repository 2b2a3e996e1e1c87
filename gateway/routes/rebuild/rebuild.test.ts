import { afterEach, expect, it } from 'vitest';
import { sampleCommit } from '#platform/store/testing/store-samples.ts';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

const ORDERS = { event: 'order', aggregate: 'count' };

let gateway: TestGateway;
afterEach(() => gateway.close());

const call = async (method: string, id = 'orders', key?: string) => {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(`${gateway.url}/v1/metrics/${id}/rebuild`, { method, headers });
  return { status: answer.status, body: await answer.json() };
};

/** What the owner of a partition commits: the rebuild that is asked for, done or not. */
const commit = async (part: number, next: number, isDone: boolean): Promise<void> => {
  const { version, rebuild } = gateway.catalog.catalog.metrics.get('orders')!;
  const row = sampleCommit(part, next);
  const late = { request: rebuild!.request, below: 9, filled: isDone ? 9 : 0 };
  const added = { groups: 10, imports: 0, late };
  row.facts.active = [
    { metric: 'orders', version, activation: 1, definition: ORDERS, backfilled: true, added },
  ];
  await gateway.store.insertCommits([row]);
};

it('is asked for, followed and done', async () => {
  gateway = await startGateway();
  const { version } = await gateway.define('orders', ORDERS);
  const head = { metric: 'orders', version, of: 2 };
  expect(await call('GET')).toEqual({ status: 200, body: { ...head, state: 'none', done: 0 } });
  expect(await call('POST')).toEqual({ status: 202, body: { ...head, state: 'running', done: 0 } });
  await commit(0, 10, false);
  expect((await call('GET')).body).toMatchObject({ state: 'running', done: 0 });
  await commit(0, 11, true);
  expect((await call('GET')).body).toMatchObject({ state: 'running', done: 1 });
  await commit(1, 10, true);
  expect((await call('GET')).body).toMatchObject({ state: 'done', done: 2 });
  // What is done cannot be cancelled, and stays so.
  expect((await call('DELETE')).body).toMatchObject({ state: 'done', done: 2 });
  // Asked for once more it is about what came since.
  expect((await call('POST')).body).toMatchObject({ state: 'running', done: 0 });
});

it('is cancelled where it is not done yet, and can be asked for again', async () => {
  gateway = await startGateway();
  await gateway.define('orders', ORDERS);
  expect((await call('DELETE')).body).toMatchObject({ state: 'none' });
  await call('POST');
  await commit(1, 10, true);
  expect(await call('DELETE')).toMatchObject({ status: 200, body: { state: 'cancelled', done: 1, of: 2 } });
  expect((await call('GET')).body).toMatchObject({ state: 'cancelled', done: 1 });
  expect((await call('POST')).body).toMatchObject({ state: 'running', done: 0 });
});

it('begins anew with each version', async () => {
  gateway = await startGateway();
  await gateway.define('orders', ORDERS);
  await call('POST');
  const { version } = await gateway.define('orders', { ...ORDERS, groupBy: 'country' });
  expect((await call('GET')).body).toMatchObject({ version, state: 'none' });
});

it('is for admins, and told to readers of the metric', async () => {
  gateway = await startGateway({}, { keysNeeded: true });
  await gateway.define('orders', ORDERS);
  const reader = await gateway.makeKey({ scope: 'read', metrics: ['orders'] });
  const other = await gateway.makeKey({ scope: 'read', metrics: ['another'] });
  expect(await call('GET', 'orders', reader.key)).toMatchObject({ status: 200, body: { state: 'none' } });
  expect(await call('GET', 'orders', other.key)).toMatchObject({ body: { code: 'forbidden_metric' } });
  for (const method of ['POST', 'DELETE'])
    expect(await call(method, 'orders', reader.key)).toMatchObject({
      status: 403,
      body: { code: 'forbidden_scope' },
    });
});

it('of a metric that is not there is refused', async () => {
  gateway = await startGateway();
  for (const method of ['GET', 'POST', 'DELETE'])
    expect(await call(method, 'nothing')).toMatchObject({ status: 404, body: { code: 'unknown_metric' } });
});

it('is refused for a metric of sequences', async () => {
  gateway = await startGateway();
  await gateway.define('orders', { event: 'order', aggregate: 'increase(n)' });
  expect(await call('POST')).toMatchObject({ status: 409, body: { code: 'not_rebuildable', field: 'id' } });
  expect((await call('GET')).body).toMatchObject({ state: 'none' });
});
