import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isSocketUpgrade } from './is-socket-upgrade.ts';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer({ shouldUpgradeCallback: isSocketUpgrade }, (asked, response) => {
    let bytes = 0;
    asked.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    asked.on('end', () => response.end(`${asked.method} ${asked.url} ${bytes}`));
  });
  // As where there are sockets: what is handed over here would get no answer of HTTP.
  server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

interface Offer {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** What the client heard, and by which status: 101 where the other protocol was taken. */
function ask({ method, path, headers, body }: Offer): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => resolve({ status: answer.statusCode!, text }));
    });
    call.on('upgrade', ({ statusCode }: IncomingMessage, socket) => {
      socket.destroy();
      resolve({ status: statusCode!, text: '' });
    });
    call.on('error', reject);
    call.end(body);
  });
}

const protocol = fc.oneof(
  fc.constantFrom('h2c', 'h2c, websocket', 'TLS/1.0', 'websocket', 'WebSocket', 'websocket/13', 'foo/1, bar'),
  fc.string({ unit: fc.constantFrom(...'abc/0, '), minLength: 1, maxLength: 12 }),
);
const offer: fc.Arbitrary<Offer> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
    path: fc.constantFrom('/', '/live', '/v1/events', '/v1/metrics/a/series', '/nothing', '/socket.io'),
    upgrade: protocol,
    connection: fc.constantFrom('Upgrade', 'Upgrade, HTTP2-Settings', 'keep-alive, upgrade'),
    settings: fc.boolean(),
    body: fc.constantFrom('', '{"event":"a"}', 'x'.repeat(100_000)),
  })
  .map(({ method, path, upgrade, connection, settings, body }) => ({
    method,
    path,
    body,
    headers: {
      upgrade,
      connection,
      'content-length': String(body.length),
      ...(settings ? { 'http2-settings': 'AAMAAABkAAQCAAAAAAIAAAAA' } : {}),
    },
  }));

it('whatever protocol a client offers, on any path, its request is answered over HTTP/1.1, body and all', async () => {
  await fc.assert(
    fc.asyncProperty(offer, async (one) => {
      expect(await ask(one)).toEqual({ status: 200, text: `${one.method} ${one.path} ${one.body.length}` });
    }),
    { numRuns: 300 },
  );
});

it('a whole handshake of a WebSocket, where sockets are, is taken', async () => {
  const headers = {
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  expect(await ask({ method: 'GET', path: '/socket.io/?EIO=4', headers, body: '' })).toMatchObject({
    status: 101,
  });
});
