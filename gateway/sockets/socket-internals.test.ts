import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { findPackageJSON } from 'node:module';
import { type AddressInfo, Socket as NetSocket } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { io } from 'socket.io-client';
import { expect, it, onTestFinished } from 'vitest';
import { networkSocketOf, queuedPackets, shortenClose } from './socket-internals.ts';

/** The versions whose insides were read and measured. */
const MEASURED = { 'socket.io': '4.8.4', 'engine.io': '6.6.12', ws: '8.23.0' };

const AGAIN = `Another version is installed than socket-internals.ts was measured with. Read there what each reach is for. Those for speed or memory: run
node bench/socket-internals.bench.ts, write the new ratios beside them, and delete what does not win 20 %. Those for a bound: look whether the
library has an option for it by now. Then name the new version here.`;

const SOCKET_IO = findPackageJSON('socket.io', import.meta.url)!;
const installed = (name: string, from: string): string => {
  const text = readFileSync(findPackageJSON(name, from)!, 'utf8');
  return (JSON.parse(text) as { version: string }).version;
};

it('knows the versions that it reaches into', () => {
  const found = {
    'socket.io': installed('socket.io', import.meta.url),
    'engine.io': installed('engine.io', SOCKET_IO),
    ws: installed('ws', import.meta.url),
  };
  expect(found, AGAIN).toEqual(MEASURED);
});

type Connection = Socket['conn'];

/** The server's side of a client over one transport. */
async function connectionOver(transport: 'websocket' | 'polling'): Promise<Connection> {
  const http = createServer();
  const server = new Server(http);
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const client = io(`http://127.0.0.1:${port}`, { transports: [transport], forceNew: true });
  onTestFinished(async () => {
    client.close();
    await server.close();
  });
  const [socket] = (await once(server, 'connection')) as [Socket];
  return socket.conn;
}

it('finds the network socket of a WebSocket, and none of polling', async () => {
  expect(networkSocketOf((await connectionOver('websocket')).transport)).toBeInstanceOf(NetSocket);
  expect(networkSocketOf((await connectionOver('polling')).transport)).toBeNull();
});

it('counts the packets that wait for a poll', async () => {
  const connection = await connectionOver('polling');
  await expect.poll(() => [connection.transport.writable, queuedPackets(connection)]).toEqual([true, 0]);
  // The poll that waits takes the first.
  for (let i = 0; i < 4; i++) connection.send('2["beat",{}]');
  expect(queuedPackets(connection)).toBe(3);
});

it('bounds how long polling waits to close', async () => {
  const connection = await connectionOver('polling');
  expect(connection.transport).toMatchObject({ closeTimeout: 30_000 });
  shortenClose(connection);
  expect(connection.transport).toMatchObject({ closeTimeout: 2_000 });
});
