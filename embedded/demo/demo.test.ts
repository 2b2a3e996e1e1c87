import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createDemo, type Demo } from './demo.ts';

const open: { server: Server; demo: Demo }[] = [];
afterEach(async () => {
  for (const { server, demo } of open.splice(0)) {
    await demo.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

/** The demo before a server that answers everything with one status, and what that server was sent. */
async function start(status: number, key = '') {
  const keys = new Set<string | undefined>();
  const server = createServer((request, response) => {
    keys.add(request.headers.authorization);
    request.resume().once('end', () => response.writeHead(status).end('{}'));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const demo = createDemo(1, {
    url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key,
    hasEvents: async () => false,
    clock: Date.now,
    logger: createLogger('silent', 'test'),
  });
  open.push({ server, demo });
  return { demo, keys };
}

it('has started when its history is sent, not before', async () => {
  const { demo } = await start(200);
  await Promise.all([demo.start(), demo.start()]);
  expect(demo.state).toMatchObject({ phase: 'live', history: true });
  expect(demo.state.sent).toBeGreaterThan(10_000);
});

it('has ended its start also where it fails, and can be started again', async () => {
  const { demo } = await start(400);
  for (let i = 0; i < 2; i++) {
    await demo.start();
    expect(demo.state).toMatchObject({ phase: 'failed', sent: 0 });
  }
});

it('calls with the key that it was given, and without one where there is none', async () => {
  const { demo, keys } = await start(200, 'secret');
  await demo.start();
  expect([...keys]).toEqual(['Bearer secret']);
  const open = await start(200);
  await open.demo.start();
  expect([...open.keys]).toEqual([undefined]);
});
