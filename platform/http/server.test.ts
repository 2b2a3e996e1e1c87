import { connect, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import { noKeys } from '#platform/access/testing/no-keys.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createHostNames } from './callers/host-names.ts';
import { listen } from './listen.ts';
import { createServer } from './server.ts';

const SETTINGS = {
  host: '127.0.0.1',
  port: 0,
  hosts: 'stats.example.org',
  drain: 200,
  proxies: 0,
  limits: readSettings({}).limits,
};
const PUBLIC = { config: { access: 'public' } } as const;
const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

function build(ready: () => string | null = () => null) {
  const server = createServer(SETTINGS, {
    logger: createLogger('silent', 'test'),
    metrics: createMetrics(false),
    keyring: noKeys(),
    ready,
  });
  open.push(server);
  server.register(async (app) => {
    app.post('/v1/events', PUBLIC, async () => ({ posted: true }));
    app.put('/v1/things/:id', PUBLIC, async () => ({ put: true }));
    app.get('/broken', PUBLIC, async () => {
      throw new Error('secret detail');
    });
    app.get('/coded', PUBLIC, async () => {
      throw new MillraceError({ code: 'unknown_metric', field: 'id', message: 'There is no metric "x".' });
    });
  });
  return server;
}
type Options = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS';
  url: string;
  headers?: Record<string, string>;
  payload?: string;
};
const call = async (options: Options, server = build()) => {
  const response = await server.inject({
    ...options,
    headers: { host: 'localhost:8080', ...options.headers },
  });
  return response;
};

describe('problems', () => {
  it.each<[Options, number, string]>([
    [{ method: 'GET', url: '/nowhere' }, 404, 'not_found'],
    [{ method: 'DELETE', url: '/v1/things/7' }, 405, 'method_not_allowed'],
    [{ method: 'OPTIONS', url: '/v1/things/7' }, 405, 'method_not_allowed'],
    [{ method: 'GET', url: '/broken' }, 500, 'internal'],
    [{ method: 'GET', url: '/coded' }, 404, 'unknown_metric'],
    [{ method: 'GET', url: '/%zz' }, 400, 'invalid_address'],
    [{ method: 'PUT', url: `/v1/things/${'x'.repeat(600)}` }, 400, 'invalid_address'],
    [
      { method: 'PUT', url: '/v1/things/7', headers: { 'content-type': 'application/json' }, payload: '{' },
      400,
      'invalid_json',
    ],
    [
      { method: 'PUT', url: '/v1/things/7', headers: { 'content-type': 'image/png' }, payload: 'x' },
      415,
      'unsupported_media_type',
    ],
    [
      {
        method: 'PUT',
        url: '/v1/things/7',
        headers: { 'content-type': 'application/json' },
        payload: `"${'x'.repeat(2 ** 20)}"`,
      },
      413,
      'body_too_large',
    ],
  ])('%o', async (options, status, code) => {
    const response = await call(options);
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toContain('application/problem+json');
    expect(response.json()).toMatchObject({ status, code, retry: status === 500 });
    expect(response.body).not.toContain('secret');
  });

  it('says which methods an address takes', async () => {
    const response = await call({ method: 'DELETE', url: '/v1/things/7' });
    expect(response.headers.allow).toBe('PUT');
  });
});

describe('who may call', () => {
  it.each([
    ['localhost:8080', 200],
    ['127.0.0.1', 200],
    ['[::1]:8080', 200],
    ['stats.example.org', 200],
    ['evil.example', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1@evil.example', 403],
    ['10.0.0.1', 403],
  ])('Host %s: %i', async (host, status) => {
    const response = await call({ method: 'GET', url: '/live', headers: { host } });
    expect(response.statusCode).toBe(status);
    if (status === 403) expect(response.json().code).toBe('forbidden_host');
  });

  it.each([
    ['0.0.0.0', '172.18.0.4:8080', true],
    ['::', '[2001:db8::4]:8080', true],
    ['0.0.0.0', '127.0.0.1', true],
    ['0.0.0.0', 'stats.example.org', true],
    ['0.0.0.0', 'evil.example', false],
    ['::', '172.18.0.4.evil.example', false],
    ['0.0.0.0', undefined, false],
    ['172.18.0.4', '172.18.0.4:8080', true],
    ['172.18.0.4', '172.18.0.5:8080', false],
  ])('bound to %s, Host %s: %s', (host, header, allowed) => {
    expect(createHostNames({ ...SETTINGS, host }).allowHost(header)).toBe(allowed);
  });

  it.each([
    ['http://localhost:8080', 200],
    ['https://stats.example.org', 200],
    ['http://stats.example.org', 200],
    ['https://stats.example.org:9999', 403],
    ['ftp://stats.example.org', 403],
    ['chrome-extension://stats.example.org', 403],
    ['ftp://localhost:8080', 403],
    ['http://localhost:9999', 403],
    ['https://evil.example', 403],
    ['null', 403],
  ])('a change asked for by a page of %s: %i', async (origin, status) => {
    const response = await call({ method: 'PUT', url: '/v1/things/1', headers: { origin } });
    expect(response.statusCode).toBe(status);
    if (status === 403) expect(response.json().code).toBe('forbidden_origin');
  });

  it('opens POST /v1/events, and nothing else, to pages of any site', async () => {
    const headers = {
      origin: 'https://shop.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-encoding,x-requested-with',
    };
    const preflight = await call({ method: 'OPTIONS', url: '/v1/events', headers });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers['access-control-allow-origin']).toBe('https://shop.example');
    expect(preflight.headers['access-control-allow-headers']).toContain('content-encoding');
    const post = await call({
      method: 'POST',
      url: '/v1/events',
      headers: { origin: 'https://shop.example' },
    });
    expect(post.statusCode).toBe(200);
    expect(post.headers['access-control-allow-origin']).toBe('https://shop.example');
    const read = await call({ method: 'GET', url: '/live', headers: { origin: 'https://shop.example' } });
    expect(read.headers['access-control-allow-origin']).toBeUndefined();
    for (const method of ['GET', 'DELETE'] as const) {
      const other = await call({ method, url: '/v1/events', headers: { origin: 'https://shop.example' } });
      expect(other.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it.each([
    ['https://shop.example', 'content-type'],
    ['http://shop.example:8000', 'authorization,content-encoding,content-type'],
    ['null', 'traceparent,tracestate,baggage'],
    ['https://a.example', 'x-requested-with,sentry-trace,x-datadog-trace-id,x-something-new'],
  ])('lets pages of %s post with their credentials and %s, and read the answer', async (origin, asked) => {
    const preflight = await call({
      method: 'OPTIONS',
      url: '/v1/events?key=1',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': asked },
    });
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers['access-control-allow-headers']).toBe(asked);
    const post = await call({ method: 'POST', url: '/v1/events', headers: { origin } });
    for (const { headers } of [preflight, post]) {
      expect(headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'retry-after',
      });
      expect(String(headers.vary)).toContain('Origin');
    }
  });

  it('lets a page read why its events were refused, whatever refused them', async () => {
    const server = build();
    const refused = await call(
      { method: 'POST', url: '/v1/events', headers: { host: 'evil.example', origin: 'https://a.example' } },
      server,
    );
    expect(refused.json().code).toBe('forbidden_host');
    expect(refused.headers['access-control-allow-origin']).toBe('https://a.example');
  });

  it('sends the security headers with every answer', async () => {
    for (const url of ['/live', '/nowhere', '/broken']) {
      const { headers } = await call({ method: 'GET', url });
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe-eval');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
    }
  });
});

describe('the address and its host', () => {
  const ask = async (url: string, headers: Record<string, string | string[]>, from = build()) => {
    const address = await listen(from, SETTINGS);
    const { port } = new URL(address);
    const lines = Object.entries(headers).flatMap(([name, value]) =>
      [value].flat().map((one) => `${name}: ${one}`),
    );
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`GET ${url}\r\n${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`);
    let text = '';
    for await (const chunk of socket) text += chunk;
    return { status: Number(text.split(' ')[1]), code: /"code":"([^"]+)"/.exec(text)?.[1] };
  };

  it.each([
    ['/live HTTP/1.0', {}, 200, undefined],
    ['/ready HTTP/1.0', {}, 200, undefined],
    ['/ready HTTP/1.0', { Host: 'evil.example' }, 403, 'forbidden_host'],
    ['/ready HTTP/1.1', {}, 400, 'invalid_host'],
    ['/metrics HTTP/1.0', {}, 400, 'invalid_host'],
    ['/live HTTP/1.1', { Host: ['localhost', 'localhost'] }, 400, 'invalid_host'],
    ['/live HTTP/1.1', { Host: 'localhost', HOST: 'evil.example' }, 400, 'invalid_host'],
    ['/live HTTP/1.1', { Host: 'evil.example', host: 'localhost' }, 400, 'invalid_host'],
    ['/live HTTP/1.1', { Host: '' }, 403, 'forbidden_host'],
  ] as const)('GET %s, %o: %i', async (url, headers, status, code) => {
    expect(await ask(url, headers as Record<string, string | string[]>)).toEqual({ status, code });
  });
});

describe('operation', () => {
  it('says what is missing until it is ready', async () => {
    let missing: string | null = 'the Store does not answer yet';
    const server = build(() => missing);
    const before = await call({ method: 'GET', url: '/ready' }, server);
    expect(before.statusCode).toBe(503);
    expect(before.headers['retry-after']).toBe('1');
    expect(before.json()).toMatchObject({ code: 'not_ready', detail: missing, retry: true });
    missing = null;
    expect((await call({ method: 'GET', url: '/ready' }, server)).json()).toEqual({ status: 'ready' });
    expect((await call({ method: 'GET', url: '/live' }, server)).json()).toEqual({ status: 'live' });
  });

  it('exposes measurements as Prometheus text', async () => {
    const response = await call({ method: 'GET', url: '/metrics' });
    expect(response.headers['content-type']).toContain('text/plain');
    expect(response.body).toContain('# TYPE millrace_ingest_events_total counter');
  });

  it('answers requests on open connections during a stop, and cuts what does not end', async () => {
    const server = build();
    server.register(async (app) => {
      app.get('/slow', PUBLIC, () => new Promise(() => {}));
    });
    const address = await listen(server, SETTINGS);
    const slow = fetch(`${address}/slow`).then(
      () => 'answered',
      () => 'cut',
    );
    await fetch(`${address}/live`);
    await server.close();
    expect(await slow).toBe('cut');
    expect((await call({ method: 'GET', url: '/live' }, server).catch(() => null))?.statusCode ?? 503).toBe(
      503,
    );
  });
});

describe('listening', () => {
  it('says so when the port is taken', async () => {
    const other = createTcpServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as { port: number };
    await expect(listen(build(), { ...SETTINGS, port })).rejects.toMatchObject({
      code: 'port_taken',
      message: expect.stringContaining(`Port ${port}`),
    });
    await new Promise((done) => other.close(done));
  });
});
