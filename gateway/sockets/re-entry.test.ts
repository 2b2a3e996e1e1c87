import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openHandlers } from '../testing/socket-handlers.ts';
import { createSocketServer, type SocketLink, type SocketServer } from './socket-server.ts';

const WAIT = { timeout: 20_000, interval: 20 };
/** Engine.IO's message type before Socket.IO's: enter the default namespace, leave it. */
const [ENTER, LEAVE] = ['40', '41'];

let http: Server;
let sockets: SocketServer;
let entered: SocketLink[];
let acks: number[];
let gone: number;
beforeEach(async () => {
  [entered, acks, gone] = [[], [], 0];
  http = createServer();
  sockets = createSocketServer(
    { messageBytes: 10_000, credit: 65_536, proxies: 0, authenticationTimeout: 10_000 },
    openHandlers({
      connected(link) {
        entered.push(link);
        return {
          message: (event, payload) => void (event === 'ack' && acks.push((payload as { to: number }).to)),
          gone: () => void gone++,
        };
      },
    }),
  );
  sockets.attach(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
});
afterEach(async () => {
  await sockets.close();
  http.closeAllConnections();
  await new Promise((closed) => http.close(closed));
});

it('hears a client that leaves and enters again hundreds of times over one connection, each time once', async () => {
  const { port } = http.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  let answers = 0;
  client.on('message', (data) => void (String(data).startsWith('40{') && answers++));
  await once(client, 'open');
  const TIMES = 300;
  for (let i = 1; i <= TIMES; i++) {
    client.send(ENTER);
    await vi.waitFor(() => expect([entered.length, answers]).toEqual([i, i]), { ...WAIT, interval: 1 });
    client.send(`42["ack",{"to":${i}}]`);
    client.send(LEAVE);
    await vi.waitFor(() => expect(gone).toBe(i), { ...WAIT, interval: 1 });
  }
  expect(acks).toEqual(Array.from({ length: TIMES }, (_, i) => i + 1));
  client.close();
});
