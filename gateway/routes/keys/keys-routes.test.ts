import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '#platform/log/log.ts';
import { ADMIN, openMemoryLog, startGateway, type TestGateway } from '../../testing/start-gateway.ts';

const KEY = /^mr_[0-9a-f]{12}_[0-9a-f]{48}$/;

let log: Log;
let gateway: TestGateway;
beforeEach(async () => {
  log = await openMemoryLog();
  gateway = await startGateway({ keys: 3 }, { keysNeeded: true, log });
});
afterEach(async () => {
  await gateway.close();
  await log.close();
});

async function call(method: string, path: string, body?: unknown, key = ADMIN, to = gateway) {
  const answer = await fetch(`${to.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const read = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
  return { status: answer.status, headers: answer.headers, body: read };
}
const make = (grant: unknown) => call('POST', '/v1/keys', grant);

describe('/v1/keys', () => {
  it('makes a key, shows it once, lets it in, and revokes it', async () => {
    const grant = { name: 'board on the wall', scope: 'read', origins: ['https://shop.example'] };
    const made = await make(grant);
    expect(made).toMatchObject({
      status: 201,
      body: {
        name: grant.name,
        scope: ['read'],
        metrics: null,
        origins: grant.origins,
        expires: null,
        key: expect.stringMatching(KEY),
        created: expect.stringMatching(/Z$/),
      },
    });
    expect(made.headers.get('cache-control')).toBe('no-store');
    const { key, ...shown } = made.body as { key: string; id: string };
    expect(key.split('_')[1]).toBe(shown.id);
    const list = await call('GET', '/v1/keys');
    expect(list.body).toEqual({ keys: [{ ...shown, lastUsed: null }] });
    expect(list.headers.get('cache-control')).toBe('no-store');
    expect((await call('GET', '/v1/metrics', undefined, key)).status).toBe(200);
    const used = (await call('GET', '/v1/keys')).body as { keys: { lastUsed: string }[] };
    expect(Date.parse(used.keys[0]!.lastUsed)).toBeGreaterThan(0);
    expect((await call('DELETE', `/v1/keys/${shown.id}`)).status).toBe(204);
    expect(await call('GET', '/v1/metrics', undefined, key)).toMatchObject({
      status: 401,
      body: { code: 'invalid_key' },
    });
    expect((await call('GET', '/v1/keys')).body).toEqual({ keys: [] });
    expect(await call('DELETE', `/v1/keys/${shown.id}`)).toMatchObject({
      status: 404,
      body: { code: 'unknown_key' },
    });
  });

  it('keeps to the limit of keys', async () => {
    for (let i = 0; i < 3; i++) expect((await make({ name: `${i}`, scope: 'read' })).status).toBe(201);
    expect(await make({ name: 'more', scope: 'read' })).toMatchObject({
      status: 409,
      body: { code: 'too_many_definitions' },
    });
  });

  it.each([
    [7, undefined],
    [[], undefined],
    [{}, 'name'],
    [{ name: ' ', scope: 'read' }, 'name'],
    [{ name: 'x'.repeat(101), scope: 'read' }, 'name'],
    [{ name: 'x', scope: 'all' }, 'scope'],
    [{ name: 'x', scope: [] }, 'scope'],
    [{ name: 'x', scope: ['read', 'read'] }, 'scope'],
    [{ name: 'x', scope: ['read', 'write'], metrics: ['orders'] }, 'metrics'],
    [{ name: 'x', scope: 'read', metrics: [] }, 'metrics'],
    [{ name: 'x', scope: 'read', metrics: ['a b'] }, 'metrics'],
    [{ name: 'x', scope: 'read', origins: ['shop.example'] }, 'origins'],
    [{ name: 'x', scope: 'read', origins: ['https://shop.example/'] }, 'origins'],
    [{ name: 'x', scope: 'read', expires: '2020-01-01T00:00:00Z' }, 'expires'],
    [{ name: 'x', scope: 'read', expires: 'soon' }, 'expires'],
    [{ name: 'x', scope: 'read', hash: 'y' }, 'hash'],
  ])('does not make %j', async (grant, field) => {
    const refused = await make(grant);
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_definition' } });
    expect(refused.body.field).toBe(field);
    expect((await call('GET', '/v1/keys')).body).toEqual({ keys: [] });
  });

  it('takes a key made at another gateway, and revokes it there', async () => {
    const other = await startGateway({}, { keysNeeded: true, log });
    try {
      const { body } = await make({ name: 'x', scope: 'admin' });
      const { id, key } = body as { id: string; key: string };
      await other.catalog.caughtUp();
      expect((await call('GET', '/v1/keys', undefined, key, other)).status).toBe(200);
      expect((await call('DELETE', `/v1/keys/${id}`, undefined, ADMIN, other)).status).toBe(204);
      await gateway.catalog.caughtUp();
      expect((await call('GET', '/v1/keys', undefined, key)).status).toBe(401);
    } finally {
      await other.close();
    }
  });

  it('keeps no key in the log of definitions', async () => {
    const { body } = await make({ name: 'x', scope: 'read' });
    const texts: string[] = [];
    const [bounds] = await log.bounds('definitions');
    const tail = await log.tail(
      'definitions',
      0,
      bounds!.start,
      (records) => {
        texts.push(...records.map(({ value }) => Buffer.from(value).toString()));
      },
      () => {},
    );
    await expect.poll(() => texts.length).toBeGreaterThan(1);
    await tail.close();
    expect(texts.join()).toContain(String(body.id));
    expect(texts.join()).not.toContain(String(body.key));
    expect(texts.join()).not.toContain(String(body.key).split('_')[2]);
  });
});
