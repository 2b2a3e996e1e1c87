import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openHandlers } from '../testing/socket-handlers.ts';
import { SESSION_HEADER } from './handshakes.ts';
import { createSocketServer, type SocketServer } from './socket-server.ts';

let http: Server;
let sockets: SocketServer;
let url: string;
let asked: string[];
let entered: string[];
async function start(proxies: number): Promise<void> {
  [asked, entered] = [[], []];
  http = createServer((_, response) => response.end());
  sockets = createSocketServer(
    { messageBytes: 10_000, credit: 65_536, proxies, authenticationTimeout: 10_000 },
    openHandlers({
      check(_, address) {
        asked.push(address);
        return null;
      },
      opened: (address) => void entered.push(address),
      connected: () => ({ message: () => {}, gone: () => {} }),
    }),
  );
  sockets.attach(http);
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}
afterEach(async () => {
  await sockets.close();
  await new Promise((closed) => http.close(closed));
});

describe('the handshake of a polling client', () => {
  beforeEach(() => start(0));
  const poll = (sid = ''): Promise<Response> =>
    fetch(`${url}/socket.io/?EIO=4&transport=polling${sid === '' ? '' : `&sid=${sid}`}`);

  it('is answered with a header that names the session', async () => {
    const answer = await poll();
    const { sid } = JSON.parse((await answer.text()).slice(1)) as { sid: string };
    expect(answer.headers.get(SESSION_HEADER)).toBe(sid);
  });

  it('is the only request that is', async () => {
    const sid = (await poll()).headers.get(SESSION_HEADER)!;
    await fetch(`${url}/socket.io/?EIO=4&transport=polling&sid=${sid}`, { method: 'POST', body: '40' });
    const answer = await poll(sid);
    expect(answer.status).toBe(200);
    expect(answer.headers.get(SESSION_HEADER)).toBeNull();
  });

  it('names another session each time', async () => {
    const sids = await Promise.all(
      [poll(), poll(), poll()].map(async (p) => (await p).headers.get(SESSION_HEADER)),
    );
    expect(new Set(sids).size).toBe(3);
  });
});

describe.each([[['polling']], [['websocket']], [['polling', 'websocket']]])(
  'a client over %j',
  (transports) => {
    const connect = async (): Promise<void> => {
      const extraHeaders = { 'x-forwarded-for': '203.0.113.7, 198.51.100.9' };
      const client = io(url, { transports, reconnection: false, forceNew: true, extraHeaders });
      await vi.waitFor(() => expect(entered).toHaveLength(1), { timeout: 15_000, interval: 20 });
      client.close();
    };

    it('has the address that the proxy reports', async () => {
      await start(1);
      await connect();
      expect(entered).toEqual(['198.51.100.9']);
      expect(new Set(asked)).toEqual(new Set(entered));
    });

    it('has the address of its connection where no proxy is trusted', async () => {
      await start(0);
      await connect();
      expect(entered).toEqual(['127.0.0.1']);
      expect(new Set(asked)).toEqual(new Set(entered));
    });
  },
);
