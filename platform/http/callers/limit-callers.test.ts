import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { emptyCatalog } from '#contracts/log/definition-record.ts';
import { createKeyring } from '#platform/access/keyring.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createServer } from '../server.ts';

const KEYS = { busy: 'b'.repeat(32), quiet: 'q'.repeat(32) };

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** A server whose clock only the test moves. */
function build(env: Record<string, string>, needed = false) {
  const { http, limits } = readSettings({ MILLRACE_DRAIN: '100ms', ...env });
  const clock = { now: 0 };
  const metrics = createMetrics(false);
  const masters = Object.entries(KEYS).map(([id, key]) => ({ id, key }));
  const keyring = createKeyring({ needed, masters }, emptyCatalog(), Date.now);
  const logger = createLogger('silent', 'test');
  const server = createServer(
    { ...http, limits },
    { logger, metrics, keyring, ready: () => null, now: () => clock.now },
  );
  open.push(server);
  server.post('/v1/events', { config: { access: 'write' } }, async ({ sender }) => {
    sender.spend('events', 10);
    return 'stored';
  });
  const post = (key?: keyof typeof KEYS, headers: Record<string, string> = {}) =>
    server.inject({
      method: 'POST',
      url: '/v1/events',
      headers: { host: 'localhost', ...headers, ...(key && { authorization: `Bearer ${KEYS[key]}` }) },
    });
  return { server, clock, metrics, post };
}

describe('the limits of an address', () => {
  it('refuse with 429, what is used up, its setting, and when to come again; a page of another site can read it', async () => {
    const { post, clock, metrics } = build({ MILLRACE_ADDRESS_REQUESTS: '2' });
    expect([(await post()).statusCode, (await post()).statusCode]).toEqual([200, 200]);
    const refused = await post(undefined, { origin: 'https://shop.example' });
    expect(refused.json()).toMatchObject({
      status: 429,
      code: 'too_many_requests',
      field: 'requests',
      retry: true,
    });
    expect(refused.json().detail).toContain('MILLRACE_ADDRESS_REQUESTS');
    expect(refused.headers).toMatchObject({
      'retry-after': '1',
      'access-control-allow-origin': 'https://shop.example',
      'access-control-expose-headers': 'retry-after',
    });
    expect((await metrics.expose()).text).toContain(
      'millrace_http_limited_total{limit="address_requests"} 1',
    );
    clock.now = 500;
    expect((await post()).statusCode).toBe(200);
  });

  it('let a batch in and make the next one wait for it', async () => {
    const { post, clock } = build({ MILLRACE_ADDRESS_EVENTS: '5' });
    expect((await post()).statusCode).toBe(200);
    expect((await post()).json()).toMatchObject({ status: 429, field: 'events' });
    clock.now = 1_000;
    expect((await post()).statusCode).toBe(200);
  });

  it('come before the key, so that keys cannot be tried faster', async () => {
    const { server } = build({ MILLRACE_ADDRESS_REQUESTS: '2' }, true);
    const guess = (n: number) =>
      server.inject({
        method: 'POST',
        url: '/v1/events',
        headers: { host: 'localhost', authorization: `Bearer guess-${n}` },
      });
    const statuses = [await guess(1), await guess(2), await guess(3)].map((answer) => answer.statusCode);
    expect(statuses).toEqual([401, 401, 429]);
  });

  it('are those of the client behind a proxy, and of all of an IPv6 network', async () => {
    const { post } = build({ MILLRACE_ADDRESS_REQUESTS: '1', MILLRACE_PROXIES: '1' });
    const statusFor = async (address: string) =>
      (await post(undefined, { 'x-forwarded-for': address })).statusCode;
    expect(await statusFor('10.0.0.1')).toBe(200);
    expect(await statusFor('10.0.0.2')).toBe(200);
    expect(await statusFor('10.0.0.1')).toBe(429);
    expect(await statusFor('2001:db8::1')).toBe(200);
    expect(await statusFor('2001:db8::2')).toBe(429);
  });

  it('hold for what is nowhere too, and not for what keeps watch over the process', async () => {
    const { server, post } = build({ MILLRACE_ADDRESS_REQUESTS: '1' });
    const get = async (url: string) =>
      (await server.inject({ url, headers: { host: 'localhost' } })).statusCode;
    expect([await get('/nowhere'), await get('/nowhere')]).toEqual([404, 429]);
    for (let i = 0; i < 20; i++) expect([await get('/live'), await get('/ready')]).toEqual([200, 200]);
    expect((await post()).statusCode).toBe(429);
  });
});

describe('the limits of a key', () => {
  it('refuse that key and no other', async () => {
    const { post, clock, metrics } = build({ MILLRACE_KEY_REQUESTS: '1', MILLRACE_KEY_EVENTS: '15' });
    expect((await post('busy')).statusCode).toBe(200);
    const refused = await post('busy');
    expect(refused.json()).toMatchObject({ status: 429, code: 'too_many_requests', field: 'requests' });
    expect(refused.json().detail).toContain('MILLRACE_KEY_REQUESTS');
    expect((await post('quiet')).statusCode).toBe(200);
    clock.now = 1_000;
    expect((await post('busy')).statusCode).toBe(200);
    const { text } = await metrics.expose();
    expect(text).toContain('millrace_http_limited_total{limit="key_requests"} 1');
    for (const secret of [...Object.keys(KEYS), ...Object.values(KEYS)]) expect(text).not.toContain(secret);
  });

  it('are not those of callers without one: they are known by their address', async () => {
    const { post } = build({ MILLRACE_KEY_REQUESTS: '1' });
    for (let i = 0; i < 5; i++) expect((await post()).statusCode).toBe(200);
  });
});

describe('on the connection', () => {
  const POST = 'POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n';
  async function listen(env: Record<string, string>) {
    const made = build(env);
    await made.server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = made.server.server.address() as { port: number };
    const dial = (): Socket => connect(port, '127.0.0.1').on('error', () => {});
    return { ...made, dial };
  }
  async function readAll(socket: Socket): Promise<string> {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    await new Promise((resolve) => socket.once('close', resolve));
    return text;
  }

  it('a caller at twice its limit is refused, then cut off for a second: open connections end, new ones are not read', async () => {
    const { dial, clock, metrics } = await listen({ MILLRACE_ADDRESS_REQUESTS: '3' });
    const [first, other] = [dial(), dial()];
    await once(other, 'connect');
    first.write(POST.repeat(7));
    const text = await readAll(first);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual([
      ...Array(3).fill('HTTP/1.1 200'),
      ...Array(4).fill('HTTP/1.1 429'),
    ]);
    expect(text.toLowerCase().split('connection: close')).toHaveLength(2);
    other.write(POST.replace('\r\n\r\n', '\r\nOrigin: https://shop.example\r\n\r\n'));
    const last = await readAll(other);
    expect(last).toContain('HTTP/1.1 429');
    expect(last.toLowerCase()).toContain('access-control-allow-origin: https://shop.example');
    expect(await readAll(dial())).toBe('');
    await vi.waitFor(async () =>
      expect((await metrics.expose()).text).toMatch(/limited_total\{limit="cut_off"\} [1-9]/),
    );
    clock.now = 3_000;
    const again = dial();
    again.write(POST);
    const [answer] = (await once(again, 'data')) as [Buffer];
    expect(answer.toString()).toContain('HTTP/1.1 200');
    again.destroy();
  });

  it('a body behind an address that cannot be decoded is answered too, and harms no other request', async () => {
    const { dial } = await listen({});
    const socket = dial();
    socket.write(
      `PUT /%zz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n${'x'.repeat(900_000)}`,
    );
    expect(String((await once(socket, 'data'))[0])).toContain('HTTP/1.1 400');
    socket.destroy();
    const next = dial();
    next.write(POST);
    expect(String((await once(next, 'data'))[0])).toContain('HTTP/1.1 200');
    next.destroy();
  });

  it('bytes count as they come, those of a refused body too', async () => {
    const { dial } = await listen({ MILLRACE_ADDRESS_BYTES: '100000' });
    const socket = dial();
    socket.write(
      `PUT /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 150000\r\n\r\n${'x'.repeat(150_000)}`,
    );
    expect(await readAll(socket)).toContain('HTTP/1.1 404');
    const next = dial();
    next.write(POST);
    const [answer] = (await once(next, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/HTTP\/1\.1 429 .*"field":"bytes"/s);
    next.destroy();
  });
});
