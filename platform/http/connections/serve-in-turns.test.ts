import { connect } from 'node:net';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import { serveInTurns } from './serve-in-turns.ts';

const REQUESTS = 200;

/** Takes the time of the CPU, ms. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

it('answers requests that come in one piece in turns, in order, with others between them', async () => {
  const server = fastify();
  serveInTurns(server);
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  let answered = 0;
  server.get('/long', async () => {
    if (answered === 0) setImmediate(count);
    await null;
    work(1);
    return { nth: answered++ };
  });
  await server.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.server.address() as { port: number };
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.write('GET /long HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(REQUESTS));
  await expect.poll(() => text.match(/HTTP\/1\.1 200/g)?.length ?? 0, { timeout: 20_000 }).toBe(REQUESTS);
  isOver = true;
  socket.destroy();
  await server.close();
  const order = [...text.matchAll(/"nth":(\d+)/g)].map(([, n]) => Number(n));
  expect(order).toEqual(Array.from({ length: REQUESTS }, (_, i) => i));
  // 200 ms of work, in turns of a few.
  expect(turns).toBeGreaterThan(10);
});
