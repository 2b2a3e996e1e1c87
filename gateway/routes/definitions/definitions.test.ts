import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../testing/start-gateway.ts';

const ORDERS = {
  event: 'order',
  aggregate: 'sum(amount)',
  groupBy: ['country'],
  window: '10s',
  title: 'Orders',
};
const BOARD = { title: 'Shop', panels: [{ id: 'a', kind: 'tail', place: { x: 0, y: 0, w: 4, h: 2 } }] };
const JSON_TYPE = { 'content-type': 'application/json' };

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startGateway({ definitions: 2 });
});
afterEach(() => gateway.close());

const call = async (
  method: string,
  path: string,
  body?: unknown,
  given: Record<string, string> = body === undefined ? {} : JSON_TYPE,
) => {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(`${gateway.url}/v1/${path}`, { method, body: text ?? null, headers: given });
  const raw = await answer.text();
  const isJson = answer.headers.get('content-type')?.includes('json');
  const etag = answer.headers.get('etag') ?? '';
  return { status: answer.status, etag, raw, body: isJson ? JSON.parse(raw) : null };
};

describe.each([
  ['metrics/orders', ORDERS, { title: 'Renamed' }],
  ['boards/shop', BOARD, { title: 'Renamed' }],
])('%s', (path, definition, change) => {
  it('is created, read, changed, listed and deleted', async () => {
    const created = await call('PUT', path, definition);
    expect(created).toMatchObject({ status: 201, body: { title: definition.title } });
    expect(await call('GET', path)).toMatchObject({ status: 200, etag: created.etag, body: created.body });
    const changed = await call('PUT', path, { ...definition, ...change });
    expect(changed).toMatchObject({ status: 200, body: { title: 'Renamed' } });
    expect(changed.etag).not.toBe(created.etag);
    const list = await call('GET', path.split('/')[0]!);
    expect(list.body).toMatchObject({ [path.split('/')[0]!]: [changed.body] });
    expect(await call('DELETE', path)).toMatchObject({ status: 204 });
    expect(await call('GET', path)).toMatchObject({ status: 404 });
    expect(await call('DELETE', path)).toMatchObject({ status: 404 });
  });

  it('is guarded by its tag', async () => {
    const { etag } = await call('PUT', path, definition, { ...JSON_TYPE, 'if-none-match': '*' });
    expect(await call('PUT', path, definition, { ...JSON_TYPE, 'if-none-match': '*' })).toMatchObject({
      status: 412,
    });
    expect(await call('PUT', path, definition, { ...JSON_TYPE, 'if-match': '"999"' })).toMatchObject({
      status: 412,
      body: { code: 'precondition_failed' },
    });
    expect(
      await call('PUT', path, { ...definition, ...change }, { ...JSON_TYPE, 'if-match': etag }),
    ).toMatchObject({ status: 200 });
    expect(await call('DELETE', path, undefined, { 'if-match': etag })).toMatchObject({ status: 412 });
    const { etag: now } = await call('GET', path);
    expect(await call('GET', path, undefined, { 'if-none-match': now })).toMatchObject({ status: 304 });
  });

  it('gives one of two writers 412', async () => {
    const { etag } = await call('PUT', path, definition);
    const write = (title: string) =>
      call('PUT', path, { ...definition, title }, { ...JSON_TYPE, 'if-match': etag });
    const statuses = (await Promise.all([write('one'), write('two')])).map((a) => a.status);
    expect(statuses.sort()).toEqual([200, 412]);
  });
});

describe('metrics', () => {
  it('come and go as YAML, and as what curl sends by default', async () => {
    const yaml = 'event: order\naggregate: count\nwindow: 10s\nwhere:\n  plan: [pro, team]\n';
    expect(await call('PUT', 'metrics/plans', yaml, { 'content-type': 'application/yaml' })).toMatchObject({
      status: 201,
    });
    const read = await call('GET', 'metrics/plans', undefined, { accept: 'application/yaml' });
    expect(read.raw).toMatch(/^id: plans\n/);
    expect(await call('PUT', 'metrics/plans', read.raw, { 'content-type': 'text/yaml' })).toMatchObject({
      status: 200,
      etag: read.etag,
    });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await call('PUT', 'metrics/curl', JSON.stringify(ORDERS), form)).toMatchObject({ status: 201 });
  });

  it.each([['application/json'], ['application/yaml']])(
    'may name the property __proto__ in %s',
    async (type) => {
      const text =
        '{"event":"x","aggregate":"sum(__proto__)","where":{"__proto__":{"gt":1},"constructor":"c"}}';
      expect(await call('PUT', 'metrics/odd', text, { 'content-type': type })).toMatchObject({ status: 201 });
      const { raw } = await call('GET', 'metrics/odd');
      expect(raw).toContain('"__proto__":{"gt":1}');
      expect(raw).toContain('"constructor":["c"]');
    },
  );

  it('keep their version while they keep what they fold', async () => {
    await call('PUT', 'metrics/orders', ORDERS);
    const { version } = gateway.catalog.catalog.metrics.get('orders')!;
    expect(await call('PUT', 'metrics/orders', { ...ORDERS, unit: '€', retention: '7d' })).toMatchObject({
      status: 200,
    });
    expect(gateway.catalog.catalog.metrics.get('orders')).toMatchObject({ version, body: { unit: '€' } });
    const changes = [
      { event: 'x' },
      { groupBy: [] },
      { aggregate: 'count' },
      { lateness: '5s' },
      { where: { a: 1 } },
    ];
    const versions = new Set([version]);
    for (const change of changes) {
      const changed = await call('PUT', 'metrics/orders', { ...ORDERS, ...change });
      expect(changed.status).toBe(200);
      const found = gateway.catalog.catalog.metrics.get('orders')!;
      expect(found.served).toMatchObject({ version, body: { unit: '€' } });
      expect(changed.etag).toBe(`"${found.version}"`);
      versions.add(found.version);
    }
    expect(versions.size).toBe(changes.length + 1);
    // Back to what is served: nothing waits any more.
    await call('PUT', 'metrics/orders', ORDERS);
    expect(gateway.catalog.catalog.metrics.get('orders')).toMatchObject({ version, served: { version } });
  });

  it('say in headers what is served, and how far the next version is', async () => {
    await call('PUT', 'metrics/orders', ORDERS);
    const { version } = gateway.catalog.catalog.metrics.get('orders')!;
    const headers = async () => (await fetch(`${gateway.url}/v1/metrics/orders`)).headers;
    expect((await headers()).get('millrace-version')).toBe(String(version));
    expect((await headers()).get('millrace-pending-version')).toBeNull();
    const { etag } = await call('PUT', 'metrics/orders', { ...ORDERS, groupBy: [] });
    const pending = await headers();
    expect(pending.get('millrace-version')).toBe(String(version));
    expect(`"${pending.get('millrace-pending-version')}"`).toBe(etag);
    expect(pending.get('millrace-backfilled')).toBe('0/2');
    const { body } = await call('GET', 'metrics');
    const newest = Number(pending.get('millrace-pending-version'));
    expect(body).toMatchObject({ fills: [{ id: 'orders', version: newest, done: 0, of: 2 }] });
  });

  it('give exactly one of many writers 200, also where what is counted changes', async () => {
    const { etag } = await call('PUT', 'metrics/orders', ORDERS);
    const writes = Array.from({ length: 12 }, (_, i) =>
      call('PUT', 'metrics/orders', { ...ORDERS, event: `e${i}` }, { ...JSON_TYPE, 'if-match': etag }),
    );
    const answers = await Promise.all(writes);
    expect(answers.filter((a) => a.status === 412)).toHaveLength(11);
    const [won] = answers.filter((a) => a.status === 200);
    expect((await call('GET', 'metrics/orders')).raw).toBe(won!.raw);
  });

  it.each([
    [{ event: 'x', aggregate: 'medain(x)' }, 'unknown_aggregate'],
    [{ event: 'x', aggregate: 'count', window: '7' }, 'invalid_window'],
    [{ event: 'x', aggregate: 'count', lateness: '2h' }, 'out_of_range'],
    [{ aggregate: 'count' }, 'invalid_definition'],
    [[1], 'invalid_definition'],
  ])('refuse %j', async (definition, code) => {
    expect(await call('PUT', 'metrics/bad', definition)).toMatchObject({ status: 400, body: { code } });
  });

  it('refuse a bomb of aliases, a strange type and a strange id', async () => {
    const yaml = { 'content-type': 'application/yaml' };
    const bomb = `a: &a [x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(30)}]\nc: [${'*b,'.repeat(30)}]`;
    expect(await call('PUT', 'metrics/bad', bomb, yaml)).toMatchObject({
      status: 400,
      body: { code: 'invalid_definition' },
    });
    expect(await call('PUT', 'metrics/bad', 'x', { 'content-type': 'image/png' })).toMatchObject({
      status: 415,
    });
    expect(await call('PUT', 'metrics/Bad%20Id', ORDERS)).toMatchObject({
      status: 400,
      body: { code: 'invalid_definition' },
    });
  });

  it('are limited in number', async () => {
    for (const id of ['a', 'b'])
      expect(await call('PUT', `metrics/${id}`, ORDERS)).toMatchObject({ status: 201 });
    expect(await call('PUT', 'boards/c', BOARD)).toMatchObject({
      status: 409,
      body: { code: 'too_many_definitions' },
    });
    expect(await call('PUT', 'metrics/a', { ...ORDERS, title: 'A' })).toMatchObject({ status: 200 });
  });
});
