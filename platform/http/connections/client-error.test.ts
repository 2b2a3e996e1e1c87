import { connect, type Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createClientErrorHandler } from './client-error.ts';
import { Connections } from './connections.ts';

let server: FastifyInstance;
let gate: PromiseWithResolvers<void>;
let refused: string[];
afterEach(async () => {
  gate.resolve();
  await server.close();
});

/** `GET /slow` is answered when the gate opens, `POST /` when its body is there. */
async function open(): Promise<Socket> {
  gate = Promise.withResolvers();
  refused = [];
  const { limits } = readSettings({});
  const connections = new Connections(limits, {
    metrics: createMetrics(false),
    now: () => performance.now(),
  });
  server = fastify({
    clientErrorHandler: createClientErrorHandler(
      (socket) => connections.exchangesOf(socket),
      ({ code }, request) =>
        void refused.push(request === null ? code : `${code} in ${request.method} ${request.url}`),
    ),
    http: { ServerResponse: connections.Response },
  });
  server.server.prependListener('connection', (socket) => connections.opened(socket));
  server.get('/slow', async () => {
    await gate.promise;
    return 'slow answer';
  });
  server.get('/', async () => 'quick answer');
  server.post('/', async () => 'posted');
  await server.listen({ host: '127.0.0.1', port: 0 });
  return connect((server.server.address() as { port: number }).port, '127.0.0.1');
}

const GET = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

/** Everything that the server says until it ends the connection. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}
const statuses = (text: string): string[] => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => code!);

describe('bytes that are no HTTP', () => {
  it('get a problem', async () => {
    const socket = await open();
    socket.write('garbage\r\n\r\n');
    const text = await readAll(socket);
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
    expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({
      status: 400,
      code: 'not_http',
    });
    expect(refused).toEqual(['not_http']);
  });

  it('are answered behind all that is due on the connection, in order', async () => {
    const socket = await open();
    socket.write(`${GET('/slow')}${GET('/')}garbage\r\n\r\n`);
    const text = readAll(socket);
    // Further garbage while it waits changes nothing.
    socket.write('more\r\n\r\n');
    gate.resolve();
    const all = await text;
    // They belong to none of the requests, which are whole.
    expect(refused).toEqual(['not_http']);
    expect(statuses(all)).toEqual(['200', '200', '400']);
    expect(all.indexOf('slow answer')).toBeLessThan(all.indexOf('quick answer'));
    expect(all.indexOf('quick answer')).toBeLessThan(all.indexOf('400 Bad Request'));
  });

  it('also where the client sends nothing more', async () => {
    const socket = await open();
    socket.end(`${GET('/slow')}garbage\r\n\r\n`);
    const text = readAll(socket);
    gate.resolve();
    expect(statuses(await text)).toEqual(['200', '400']);
  });

  it('inside a body are the answer to its request', async () => {
    const socket = await open();
    socket.write(
      `${GET('/')}POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n`,
    );
    expect(statuses(await readAll(socket))).toEqual(['200', '400']);
    expect(refused).toEqual(['not_http in POST /']);
  });

  it('after which nothing is taken any more', async () => {
    const socket = await open();
    socket.write(`garbage\r\n\r\n${GET('/')}`);
    expect(statuses(await readAll(socket))).toEqual(['400']);
  });

  it('do no harm when the client leaves before they are answered', async () => {
    const socket = await open();
    socket.write(`${GET('/slow')}garbage\r\n\r\n`);
    await new Promise((resolve) => server.server.once('clientError', resolve));
    socket.destroy();
    gate.resolve();
    const answer = await fetch(`http://127.0.0.1:${(server.server.address() as { port: number }).port}/`);
    expect(await answer.text()).toBe('quick answer');
  });
});
