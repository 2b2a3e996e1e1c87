import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openHandlers } from '../testing/socket-handlers.ts';
import { createSocketServer, encodeMessage, type SocketLink, type SocketServer } from './socket-server.ts';

const WAIT = { timeout: 15_000, interval: 50 };
const UPGRADING = ['polling', 'websocket'];

let http: Server;
let sockets: SocketServer;
let client: Socket;
let requests: WeakRef<IncomingMessage>[];
let links: SocketLink[];
let messages: [event: string, payload: unknown, asked: boolean][];
let gone: number;
/** ms of the CPU that a message takes. */
let slow: number;
beforeEach(async () => {
  [requests, links, messages, gone, slow] = [[], [], [], 0, 0];
  http = createServer((_, response) => response.end());
  sockets = createSocketServer(
    { messageBytes: 10_000, credit: 65_536, proxies: 0, authenticationTimeout: 10_000 },
    openHandlers({
      check(request) {
        requests.push(new WeakRef(request));
        return null;
      },
      connected(link) {
        links.push(link);
        return {
          message: (event, payload, reply) => {
            messages.push([event, payload, reply !== null]);
            const end = performance.now() + slow;
            while (performance.now() < end);
            reply?.({ ok: true });
          },
          gone: () => void gone++,
        };
      },
    }),
  );
  sockets.attach(http);
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
});
afterEach(async () => {
  client.close();
  await sockets.close();
  await new Promise((closed) => http.close(closed));
});

async function connect(transports: string[]): Promise<void> {
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  client = io(url, { transports, reconnection: false, forceNew: true });
  const last = transports.at(-1);
  await vi.waitFor(() => expect(client.io.engine?.transport?.name).toBe(last), WAIT);
  await vi.waitFor(() => expect([client.connected, links.length]).toEqual([true, 1]), WAIT);
  // The server has the transport a moment later than the client.
  await vi.waitFor(() => expect(links[0]!.writable()).toBe(true), WAIT);
}

describe('a client over a WebSocket', () => {
  it('is read in turns: what lies ready in its socket does not come in one go, and comes whole and in order', async () => {
    await connect(['websocket']);
    const COUNT = 3_000;
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    slow = 0.1;
    const padding = 'x'.repeat(300);
    for (let i = 0; i < COUNT; i++) client.emit('subscribe', { i, padding });
    await vi.waitFor(() => expect(messages.length).toBeGreaterThan(0), WAIT);
    setImmediate(count);
    await vi.waitFor(() => expect(messages).toHaveLength(COUNT), WAIT);
    isOver = true;
    expect(messages.map(([, payload]) => (payload as { i: number }).i)).toEqual(
      Array.from({ length: COUNT }, (_, i) => i),
    );
    // In one go it is one turn.
    expect(turns).toBeGreaterThan(3);
  });
});

describe.each([[['websocket']], [['polling']], [UPGRADING]])('a client over %j', (transports) => {
  beforeEach(() => connect(transports));

  it('is heard: acknowledgements, other messages, and those that ask for an answer, as they were sent', async () => {
    client.emit('ack', { to: 12 });
    client.emit('ack', { to: 1.5 });
    client.emit('ack', 'x');
    client.emit('tail', { on: true });
    expect(await client.timeout(10_000).emitWithAck('subscribe', { request: {} })).toEqual({ ok: true });
    // An acknowledgement may come before what was sent ahead of it.
    expect(messages).toHaveLength(5);
    expect(messages).toEqual(
      expect.arrayContaining([
        ['ack', { to: 12 }, false],
        ['ack', { to: 1.5 }, false],
        ['ack', 'x', false],
        ['tail', { on: true }, false],
        ['subscribe', { request: {} }, true],
      ]),
    );
  });

  it('gets what is written', async () => {
    const got = vi.fn();
    client.on('beat', got);
    await vi.waitFor(() => {
      expect(links[0]!.write(encodeMessage('beat', { time: 1 }))).toBe(true);
      expect(got).toHaveBeenCalledWith({ time: 1 });
    }, WAIT);
  });

  it('is gone, once, when it hangs up, and is written to no more', async () => {
    client.disconnect();
    await vi.waitFor(() => expect(gone).toBe(1), WAIT);
    expect(links[0]!.writable()).toBe(false);
    expect(links[0]!.write(encodeMessage('beat', {}))).toBe(false);
    await vi.waitFor(() => expect(openSockets()).resolves.toBe(0), WAIT);
    expect(gone).toBe(1);
  });

  it('is gone, once, when the server closes it', async () => {
    links[0]!.close();
    await vi.waitFor(() => expect([gone, client.connected]).toEqual([1, false]), WAIT);
    await vi.waitFor(() => expect(openSockets()).resolves.toBe(0), WAIT);
    expect(gone).toBe(1);
  });
});

const openSockets = (): Promise<number> =>
  new Promise((resolve, reject) => {
    // Polling keeps its connections for a while: those that wait for nothing do not count.
    http.closeIdleConnections();
    http.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });

it.each([[['websocket']], [UPGRADING]])('keeps no request of a client over %j', async (transports) => {
  await connect(transports);
  expect(requests.length).toBeGreaterThan(0);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await vi.waitFor(() => {
    collect();
    expect(requests.filter((kept) => kept.deref() !== undefined)).toEqual([]);
  }, WAIT);
  expect(client.connected).toBe(true);
});
