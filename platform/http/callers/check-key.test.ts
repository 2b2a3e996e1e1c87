import { afterEach, describe, expect, it } from 'vitest';
import type { KeyGrant, Scope } from '#contracts/key.ts';
import { applyDefinition, emptyCatalog } from '#contracts/log/definition-record.ts';
import { createKeyring } from '#platform/access/keyring.ts';
import { makeKey } from '#platform/access/make-key.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createServer } from '../server.ts';

const NOW = 1_700_000_000_000;
const GRANT: KeyGrant = { name: 'x', scope: ['read'], metrics: null, origins: null, expires: null };

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

function build(needed = true, routes = true) {
  const catalog = emptyCatalog();
  let seed = 0;
  const keyring = createKeyring({ needed, masters: [] }, catalog, () => NOW);
  const lines: string[] = [];
  const server = createServer(
    { host: '127.0.0.1', hosts: '', drain: 100, proxies: 0, limits: readSettings({}).limits },
    {
      logger: createLogger('trace', 'test', { write: (line) => void lines.push(line) }),
      metrics: createMetrics(false),
      keyring,
      ready: () => null,
    },
  );
  open.push(server);
  if (routes) {
    for (const access of ['write', 'import', 'read', 'admin'] as const)
      server.post(`/${access}`, { config: { access } }, async ({ caller }) => caller!.id);
    server.post('/v1/events', { config: { access: 'write' } }, async () => 'stored');
  }
  return {
    server,
    lines,
    make(grant: Partial<KeyGrant> = {}) {
      const made = makeKey({ ...GRANT, ...grant }, (size) => Buffer.alloc(size, ++seed), NOW);
      const record = {
        kind: 'key',
        id: made.id,
        basedOn: null,
        body: { ...made.stored },
        version: null,
      } as const;
      applyDefinition(catalog, record, seed);
      return made;
    },
    post: (url: string, key?: string, headers: Record<string, string> = {}) =>
      server.inject({
        method: 'POST',
        url,
        headers: {
          host: 'localhost',
          ...headers,
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
      }),
  };
}

describe('who may call a route', () => {
  it.each([
    ['write', 'write', 200],
    ['write', 'read', 403],
    ['write', 'admin', 403],
    ['write', 'import', 403],
    ['import', 'import', 200],
    ['import', 'write', 403],
    ['import', 'read', 403],
    ['read', 'read', 200],
    ['read', 'write', 403],
    ['admin', 'write', 200],
    ['admin', 'import', 200],
    ['admin', 'read', 200],
    ['admin', 'admin', 200],
  ] as const)('with the scope %s at one for %s: %i', async (scope: Scope, route, status) => {
    const { make, post } = build();
    const answer = await post(`/${route}`, make({ scope: [scope] }).key);
    expect(answer.statusCode).toBe(status);
    if (status === 403) expect(answer.json()).toMatchObject({ code: 'forbidden_scope', retry: false });
  });

  it('learns how to send a key when none came, and that a key is unknown', async () => {
    const { post } = build();
    const none = await post('/read');
    expect(none.statusCode).toBe(401);
    expect(none.headers['www-authenticate']).toContain('Bearer');
    expect(none.json()).toMatchObject({ code: 'missing_key' });
    expect((await post('/read', 'mr_nothing')).json()).toMatchObject({ code: 'invalid_key' });
    const basic = await post('/read', undefined, { authorization: 'Basic YTpi' });
    expect(basic.json()).toMatchObject({ code: 'invalid_key', field: 'authorization' });
    expect(basic.body).not.toContain('YTpi');
  });

  it('needs none where none is needed, and none at a public route', async () => {
    expect((await build(false).post('/admin')).body).toBe('anyone');
    const { server } = build();
    for (const url of ['/live', '/ready', '/openapi.json'])
      expect((await server.inject({ url, headers: { host: 'localhost' } })).statusCode).toBe(200);
    expect((await server.inject({ url: '/metrics', headers: { host: 'localhost' } })).statusCode).toBe(401);
  });

  it('is held to the origins of the key, where a page calls', async () => {
    const { make, post } = build();
    const { key } = make({ scope: ['write'], origins: ['https://shop.example'] });
    expect((await post('/v1/events', key)).statusCode).toBe(200);
    expect((await post('/v1/events', key, { origin: 'https://shop.example' })).statusCode).toBe(200);
    const other = await post('/v1/events', key, { origin: 'https://evil.example' });
    expect(other.json()).toMatchObject({ code: 'forbidden_origin', status: 403 });
    // A page of another site can read why it was refused.
    expect(other.headers['access-control-allow-origin']).toBe('https://evil.example');
  });

  it('never sees the key again: not in answers, not in logs; one in an address is refused', async () => {
    const { make, post, lines } = build();
    const { key } = make();
    const answers = [
      await post('/read', key),
      await post('/write', key),
      await post('/read', `${key}x`),
      await post(`/read?key=${key}`),
      await post('/nowhere', key),
    ];
    expect(answers[3]!.json()).toMatchObject({ code: 'key_in_url', status: 400 });
    const secret = key.slice(17);
    for (const { body } of answers) expect(body).not.toContain(secret);
    expect(lines.join('')).not.toContain(secret);
  });

  it('is declared by every route, or the server does not start', async () => {
    const { server } = build(true, false);
    server.get('/forgotten', async () => 'x');
    await expect(server.ready()).rejects.toThrow('/forgotten does not say who may call it');
  });
});
