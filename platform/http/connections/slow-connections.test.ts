import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { noKeys } from '#platform/access/testing/no-keys.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createServer } from '../server.ts';
import { connectionsOf } from './connections.ts';

const open: { close(): Promise<unknown> }[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) await server.close();
});

async function start(env: Record<string, string>) {
  const { http, limits } = readSettings({ MILLRACE_DRAIN: '100ms', ...env });
  const logger = createLogger('silent', 'test');
  const metrics = createMetrics(false);
  const server = createServer({ ...http, limits }, { logger, metrics, keyring: noKeys(), ready: () => null });
  open.push(server);
  server.post('/', { config: { access: 'public' } }, async ({ body }) => body);
  const gate = Promise.withResolvers<void>();
  server.get('/late', { config: { access: 'public' } }, async () => {
    await gate.promise;
    return 'late answer';
  });
  server.server.on('upgrade', (_: IncomingMessage, socket: Socket) => {
    sockets.push(socket);
    connectionsOf(server.server)!.became(socket, 'websocket');
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    socket.pipe(socket);
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as { port: number };
  const dial = (from = '127.0.0.1'): Socket => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from }).on('error', () => {});
    sockets.push(socket);
    return socket;
  };
  return { dial, metrics, answerLate: gate.resolve };
}

async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'close');
  return text;
}

/** Sends text a byte at a time, for as long as the other side listens. */
function dribble(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length]!), 20);
  socket.once('close', () => clearInterval(timer));
}

const QUICK = { MILLRACE_HEADER_TIME: '200ms', MILLRACE_REQUEST_TIME: '400ms' };

describe('a connection that takes its time', () => {
  it.each([
    ['says nothing', '', null],
    ['dribbles its head', 'POST / HTTP/1.1\r\nHost: localhost\r\n', 'X-Slow: 1\r\n'],
    [
      'dribbles a body of known length',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n',
      'x',
    ],
    [
      'dribbles chunks without end',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n',
      '1\r\nx\r\n',
    ],
  ])('and %s is told 408 with a code, and ended', async (_, head, more) => {
    const { dial } = await start(QUICK);
    const socket = dial();
    const all = readAll(socket);
    socket.write(head);
    if (more !== null) dribble(socket, more);
    const text = await all;
    expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({
      status: 408,
      code: 'request_timeout',
      retry: true,
      detail: expect.stringContaining('MILLRACE_REQUEST_TIME'),
    });
  });

  it('behind a request that was answered is ended as well', async () => {
    const { dial } = await start(QUICK);
    const socket = dial();
    const all = readAll(socket);
    socket.write('GET /live HTTP/1.1\r\nHost: localhost\r\n\r\nGET /live HT');
    expect((await all).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 408']);
  });

  it('because its answer takes long, or it was upgraded, is left in peace', async () => {
    const { dial, answerLate } = await start(QUICK);
    const late = dial();
    late.write('GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const upgraded = dial();
    upgraded.write(
      'GET /socket.io/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await once(upgraded, 'data');
    // Others that come later are through by then.
    for (let i = 0; i < 2; i++) {
      const slow = dial();
      slow.write('GET /');
      await readAll(slow);
    }
    answerLate();
    expect(String((await once(late, 'data'))[0])).toContain('late answer');
    upgraded.write('still here');
    const [answer] = (await once(upgraded, 'data')) as [Buffer];
    expect(answer.toString()).toBe('still here');
  });
});

describe('a head that is too large', () => {
  it('is answered with 431 and the setting', async () => {
    const { dial } = await start({ MILLRACE_HEADER_BYTES: '4096' });
    const socket = dial();
    const all = readAll(socket);
    socket.write(`GET /live HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(5_000)}\r\n\r\n`);
    const text = await all;
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
    expect(text).toContain('MILLRACE_HEADER_BYTES');
  });
});

describe('connections of one address', () => {
  const LIVE = 'GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n';

  it('beyond the limit get 429 unread; other addresses are admitted, and so is this one when a connection has closed', async () => {
    const { dial, metrics } = await start({ MILLRACE_TCP_PER_ADDRESS: '2' });
    const held = [dial(), dial()];
    for (const socket of held) {
      socket.write(LIVE);
      await once(socket, 'data');
    }
    const third = dial();
    const refused = await readAll(third);
    expect(refused).toMatch(/^HTTP\/1\.1 429 Too Many Requests\r\n.*Retry-After: 1\r\n/s);
    expect(JSON.parse(refused.slice(refused.indexOf('{')))).toMatchObject({
      code: 'too_many_connections',
      detail: expect.stringContaining('MILLRACE_TCP_PER_ADDRESS'),
    });
    const other = dial('127.0.0.2');
    other.write(LIVE);
    expect(String((await once(other, 'data'))[0])).toContain('200 OK');
    held[0]!.destroy();
    await vi.waitFor(async () => {
      const again = dial();
      again.write(LIVE);
      expect(String((await once(again, 'data'))[0])).toContain('200 OK');
    });
    expect((await metrics.expose()).text).toContain('millrace_http_limited_total{limit="tcp"}');
  });

  it('are not counted behind a proxy, whose address all of them share', async () => {
    const { dial } = await start({ MILLRACE_TCP_PER_ADDRESS: '1', MILLRACE_PROXIES: '1' });
    for (let i = 0; i < 5; i++) {
      const socket = dial();
      socket.write(LIVE);
      expect(String((await once(socket, 'data'))[0])).toContain('200 OK');
    }
  });
});
