import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { BoundedWebSockets } from './web-sockets.ts';

it('ends a connection that is closed, also where its client never answers', async () => {
  const http = createServer();
  const server = new BoundedWebSockets({ noServer: true });
  const upgraded = new Promise<WebSocket>((resolve) =>
    http.once('upgrade', (request, socket, head) => server.handleUpgrade(request, socket, head, resolve)),
  );
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  onTestFinished(() => {
    client.terminate();
    http.close();
  });
  await once(client, 'open');
  client.pause();
  const connection = await upgraded;
  connection.close();
  expect(connection.readyState).toBe(WebSocket.CLOSING);
  // The library alone waits 30 s.
  await vi.waitFor(() => expect(connection.readyState).toBe(WebSocket.CLOSED), { timeout: 15_000 });
});
