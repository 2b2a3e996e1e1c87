import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sendProblem } from '../refusals/problem.ts';
import { answerEarly, type DiscardLimits } from './answer-early.ts';

let server: FastifyInstance;
afterEach(() => server.close());

/** Starts a server whose one route refuses every body unread; returns its port. */
async function listenRefusing(limits?: DiscardLimits, maySend = () => true): Promise<number> {
  server = fastify();
  answerEarly(server, maySend, limits);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_, payload, done) => done(null, payload));
  server.post('/', async (_, reply) => sendProblem(reply, { code: 'body_too_large', message: 'Too large.' }));
  await server.listen({ host: '127.0.0.1', port: 0 });
  return (server.server.address() as { port: number }).port;
}

interface Seen {
  text: string;
  /** Code of the error that the client met, such as ECONNRESET. */
  error: string | null;
}

/** What a client gets that sends head and `sent` bytes of body, and reads nothing before all of it is sent. */
function post(port: number, length: number, sent = length): Promise<Seen> {
  return new Promise((resolve) => {
    const seen: Seen = { text: '', error: null };
    const socket: Socket = connect(port, '127.0.0.1', () => {
      socket.pause();
      socket.write(
        `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\n\r\n`,
      );
      socket.write(Buffer.alloc(sent, 0x20), () => socket.resume());
    });
    socket.on('data', (chunk) => {
      seen.text += chunk;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      seen.error = error.code ?? error.message;
    });
    socket.on('close', () => resolve(seen));
  });
}

describe('answerEarly', () => {
  it('lets a client that sends all of a refused body before it reads have the whole answer', async () => {
    const port = await listenRefusing();
    for (let i = 0; i < 3; i++) {
      const { text, error } = await post(port, 20_000_000);
      expect(error).toBeNull();
      expect(text).toMatch(/^HTTP\/1\.1 413 /);
      expect(text.toLowerCase()).toContain('connection: close');
      expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({
        code: 'body_too_large',
        status: 413,
      });
    }
  });

  it('waits no longer than the limit for a client that stops sending', async () => {
    const port = await listenRefusing({ bytes: 32_000_000, time: 50 });
    const { text } = await post(port, 20_000_000, 100_000);
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('reads no more than the limit for nothing', async () => {
    const port = await listenRefusing({ bytes: 1_000_000, time: 60_000 });
    let read = 0;
    server.server.on('connection', (socket) => {
      socket.on('close', () => {
        read = socket.bytesRead;
      });
    });
    await post(port, 200_000_000);
    expect(read).toBeGreaterThan(1_000_000);
    expect(read).toBeLessThan(20_000_000);
  });

  it('reads nothing more of a sender that may send nothing more', async () => {
    const port = await listenRefusing({ bytes: 200_000_000, time: 60_000 }, () => false);
    let read = 0;
    server.server.on('connection', (socket) => {
      socket.on('close', () => {
        read = socket.bytesRead;
      });
    });
    await post(port, 200_000_000);
    await vi.waitFor(() => expect(read).toBeGreaterThan(0));
    expect(read).toBeLessThan(20_000_000);
  });

  it('keeps the connection when the body came together with the head', async () => {
    const port = await listenRefusing();
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nshort');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer.toString().toLowerCase()).not.toContain('connection: close');
  });
});
