import { afterEach, expect, it } from 'vitest';
import { DERIVED_EXPLANATION, DIFFERENCES, EXPLANATION } from '#contracts/metric/explanation.ts';
import { readAs } from '#contracts/schema/read-as.ts';
import type { Schema } from '#contracts/schema/schema.ts';
import { sampleCommit, sampleEvent, T0 } from '#platform/store/testing/store-samples.ts';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

let gateway: TestGateway;
afterEach(() => gateway.close());

const MINUTE = 60_000;
const DEFINITION = { event: 'order', aggregate: 'sum(amount)', groupBy: ['country'], window: '10s' };

async function ask(path: string, query: Record<string, string>, key?: string) {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const answer = await fetch(`${gateway.url}/v1/metrics/${path}?${new URLSearchParams(query)}`, { headers });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

async function read(path: 'explain' | 'differs', query: Record<string, string>) {
  const { status, body } = await ask(`orders/${path}`, query);
  expect([status, body]).toEqual([200, body]);
  const schema: Schema = path === 'explain' ? EXPLANATION : DIFFERENCES;
  expect(readAs(schema, body, { code: 'wrong_type' })).toMatchObject({ ok: true });
  return body;
}

/** Six events of one window, and what their fold gives. */
async function store(): Promise<void> {
  const { version } = await gateway.define('orders', DEFINITION);
  const at = (offset: number, over: object, properties: object) =>
    sampleEvent({ offset, ts: T0 + offset, ...over }, properties);
  await gateway.store.insertEvents([
    at(0, {}, { country: 'DE', amount: 1, vip: true }),
    at(1, {}, { country: 'DE', amount: 2, vip: true }),
    at(2, {}, { country: 'FR', amount: 4, vip: false }),
    at(3, {}, { country: 'DE', amount: '8' }),
    at(4, { watermark: T0 + 2 * MINUTE }, { country: 'DE', amount: 16 }),
    at(5, {}, { country: 'DE' }),
    at(6, { ts: T0 - 1 }, { country: 'DE', amount: 32, vip: false }),
  ]);
  const metric = gateway.catalog.catalog.metrics.get('orders')!;
  const commit = sampleCommit(0, 9);
  const active = [{ metric: 'orders', version, activation: 2, definition: metric.body, backfilled: true }];
  await gateway.store.insertCommits([{ ...commit, facts: { ...commit.facts, active } }]);
  const row = { metric: 'orders', version, pane: T0, next: 9 };
  const state = (sum: number) => ({ nums: [sum], keys: [], counts: [1] });
  await gateway.store.insertPanes([
    { ...row, group: ['DE'], part: '~0', state: state(3) },
    { ...row, group: ['FR'], part: '0', state: state(4) },
  ]);
}

it('says of a derived metric which events its parts are made of, in each time that they take part with', async () => {
  gateway = await startGateway();
  await store();
  await gateway.define('all', { event: 'order', aggregate: 'count', window: '10s' });
  const expression = 'orders / all - previous(orders, 10s) / 2';
  await gateway.define('change', { expression, groupBy: ['country'], window: '10s' });
  const query = { window: String(T0), group: '{"country":"DE"}' };
  const { status, body } = await ask('change/explain', query);
  expect([status, readAs(DERIVED_EXPLANATION, body, { code: 'wrong_type' })]).toMatchObject([
    200,
    { ok: true },
  ]);
  expect(body).toMatchObject({
    ...{ metric: 'change', from: T0, to: T0 + 10_000 },
    of: [
      { metric: 'orders', from: T0, count: 2, values: { value: 3 } },
      { metric: 'all', from: T0, count: 0, before: 5 },
      { metric: 'orders', from: T0 - 10_000, to: T0, count: 1 },
    ],
  });
  expect(await ask('change/explain', { ...query, cursor: body.of[0].next ?? 'x' })).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter', field: 'cursor' },
  });
  expect(await ask('change/explain', { window: String(T0), where: 'country = DE' })).toMatchObject({
    status: 400,
    body: { code: 'not_a_dimension', field: 'where' },
  });
  expect(await ask('change/differs', query)).toMatchObject({ status: 409, body: { code: 'derived_metric' } });
});

it('says which events a cell is made of, and what is left out', async () => {
  gateway = await startGateway();
  await store();
  const body = await read('explain', { window: String(T0) });
  expect(body).toMatchObject({
    ...{ metric: 'orders', from: T0, to: T0 + 10_000, count: 3, partial: false },
    parts: { live: 1, filled: 2, added: 0 },
    partitions: [{ partition: 0, count: 3, committed: 9 }],
    ...{ late: 1, before: 0, imported: 0, absent: 1, duplicates: 1, searched: T0, next: null },
    skipped: [{ field: 'amount', expected: 'a finite number', found: 'text', count: 1 }],
  });
  expect(body.events.map((one: { timestamp: number }) => one.timestamp - T0)).toEqual([2, 1, 0]);
  const group = await read('explain', {
    window: String(T0),
    size: '1s',
    group: '{"country":"DE"}',
    limit: '1',
  });
  expect(group).toMatchObject({ count: 2, to: T0 + 1_000, parts: { live: 0, filled: 2, added: 0 } });
  expect(group.events.map((one: { timestamp: number }) => one.timestamp - T0)).toEqual([1]);
  const next = await read('explain', { window: String(T0), where: 'country = DE', cursor: group.next });
  expect(next.events.map((one: { timestamp: number }) => one.timestamp - T0)).toEqual([0]);
});

it('counts once for all pages of a cell, which go on as of the commits of the first', async () => {
  let counted = 0;
  gateway = await startGateway(
    {},
    {
      wrapStore: (plain) => ({
        ...plain,
        async countJudged(scope) {
          counted++;
          return plain.countJudged(scope);
        },
      }),
    },
  );
  await store();
  const query = { window: String(T0), limit: '1' };
  const { events, searched, next: cursor, ...facts } = await read('explain', query);
  expect([events.length, searched, counted]).toEqual([1, T0 + 2, 1]);
  await gateway.store.insertEvents([sampleEvent({ offset: 9, ts: T0 }, { country: 'DE', amount: 64 })]);
  const [commit] = await gateway.store.readCommits();
  await gateway.store.insertCommits([{ ...commit!, next: 10 }]);
  const second = await read('explain', { ...query, cursor });
  expect(second).toMatchObject({ ...facts, searched: T0 + 1 });
  const third = await read('explain', { ...query, limit: '9', cursor: second.next });
  expect(third).toMatchObject({ ...facts, events: [{ timestamp: T0 }], next: null });
  expect(counted).toBe(1);
  // Of other cells, and where the first page is asked for, it is counted again.
  expect(await read('explain', { ...query, where: 'country = DE', cursor })).toMatchObject({ count: 3 });
  expect(await read('explain', query)).toMatchObject({ count: 4 });
  expect(counted).toBe(3);
});

it('takes a range as whole panes', async () => {
  gateway = await startGateway();
  await store();
  const [from, to] = [new Date(T0 - 1).toISOString(), new Date(T0 + 1).toISOString()];
  expect(await read('explain', { from, to })).toMatchObject({ from: T0 - 1_000, to: T0 + 1_000, count: 4 });
});

it('says what is different about the events of a cell', async () => {
  gateway = await startGateway();
  await store();
  expect(await read('differs', { window: String(T0), group: '{"country":"DE"}' })).toMatchObject({
    ...{ inside: 2, outside: 1, sample: 1, omitted: false },
    against: { groups: 'others', from: T0, to: T0 + 10_000 },
  });
  const { values, against } = await read('differs', { window: String(T0) });
  expect(against).toEqual({ groups: 'same', from: T0 - 10_000, to: T0 });
  expect(values[0]).toEqual({ property: 'amount', value: '32', inside: 0, outside: 1, difference: -1 });
  expect(values).toContainEqual({ property: 'vip', value: 'true', inside: 2, outside: 0, difference: 2 / 3 });
});

it('refuses what it cannot read, and says why', async () => {
  gateway = await startGateway();
  await gateway.define('orders', DEFINITION);
  const window = String(T0);
  const cases: [query: Record<string, string>, code: string, field: string | undefined][] = [
    [{}, 'invalid_parameter', 'window'],
    [{ window: 'now' }, 'invalid_parameter', 'window'],
    [{ window, from: window }, 'invalid_parameter', 'from'],
    [{ window, to: window }, 'invalid_parameter', 'to'],
    [{ from: window }, 'invalid_parameter', 'window'],
    [{ from: window, to: window }, 'invalid_parameter', 'to'],
    [{ from: window, to: String(T0 + 1), size: '1s' }, 'invalid_parameter', 'size'],
    [{ window, size: 'large' }, 'invalid_parameter', 'size'],
    [{ window, group: 'DE' }, 'invalid_parameter', 'group'],
    [{ window, group: '{"country":["DE"]}' }, 'invalid_parameter', 'group'],
    [{ window, group: '{"city":"Bonn"}' }, 'not_a_dimension', 'group'],
    [{ window, where: 'city = Bonn' }, 'not_a_dimension', 'where'],
    [{ window, where: 'country' }, 'invalid_filter', 'where'],
    [{ window, since: '1' }, 'invalid_parameter', 'since'],
  ];
  for (const path of ['explain', 'differs'])
    for (const [query, code, field] of cases) {
      const { status, body } = await ask(`orders/${path}`, query);
      expect([path, query, status, body.code, body.field]).toEqual([path, query, 400, code, field]);
    }
  expect(await ask('orders/explain', { window, limit: '0' })).toMatchObject({
    status: 400,
    body: { code: 'out_of_range' },
  });
  expect(await ask('none/explain', { window })).toMatchObject({
    status: 404,
    body: { code: 'unknown_metric' },
  });
});

it('refuses a range of more events than it looks at', async () => {
  const many = { countRange: async () => 1_000_001 };
  gateway = await startGateway({}, { wrapStore: (plain) => ({ ...plain, ...many }) });
  await store();
  for (const path of ['explain', 'differs'])
    expect(await ask(`orders/${path}`, { window: String(T0) })).toMatchObject({
      status: 400,
      body: { code: 'view_too_large', detail: expect.stringContaining('1000001 archived events') },
    });
});

it('is for keys that may read everything', async () => {
  gateway = await startGateway({}, { keysNeeded: true });
  await gateway.define('orders', DEFINITION);
  const reader = await gateway.makeKey({ scope: 'read' });
  const some = await gateway.makeKey({ scope: 'read', metrics: ['orders'] });
  const writer = await gateway.makeKey({ scope: 'write' });
  for (const path of ['orders/explain', 'orders/differs']) {
    expect(await ask(path, { window: String(T0) }, reader.key)).toMatchObject({ status: 200 });
    for (const [key, code] of [
      [some.key, 'forbidden_metric'],
      [writer.key, 'forbidden_scope'],
    ] as const)
      expect(await ask(path, { window: String(T0) }, key)).toMatchObject({ status: 403, body: { code } });
    expect(await ask(path, { window: String(T0) })).toMatchObject({
      status: 401,
      body: { code: 'missing_key' },
    });
  }
});
