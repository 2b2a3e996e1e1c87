import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { listen } from '#platform/http/listen.ts';
import type { Harness, HarnessOptions } from './testing/harness.ts';
import { useIngest } from './testing/use-ingest.ts';

const KEYS = { busy: 'b'.repeat(32), quiet: 'q'.repeat(32) };
const start = useIngest();
const agent = new Agent({ keepAlive: true });
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** An ingest that listens; what is posted comes from an address of this machine, by default 127.0.0.1. */
async function open(options: HarnessOptions) {
  const harness: Harness = await start({ keys: KEYS, ...options });
  const { port } = new URL(await listen(harness.server, { host: '127.0.0.1', port: 0 }));
  const post = (
    body: string | Uint8Array,
    { key, from = '127.0.0.1', encoding }: { key?: string; from?: string; encoding?: string } = {},
  ): Promise<Answer> => {
    const headers = {
      'content-type': 'application/x-ndjson',
      ...(key && { authorization: `Bearer ${key}` }),
      ...(encoding && { 'content-encoding': encoding }),
    };
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const at = { host: '127.0.0.1', port, path: '/v1/events', method: 'POST', localAddress: from, agent };
    const sent = request({ ...at, headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode!, body: JSON.parse(text) });
    });
    sent.on('error', reject).end(body);
    return promise;
  };
  /** A body that begins and does not end, until the test does. */
  const hold = async (bytes: number, from: string): Promise<void> => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), localAddress: from });
    sockets.push(socket.on('error', () => {}));
    socket.write('POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n');
    socket.write(Buffer.alloc(bytes, 0x20));
    await once(socket, 'connect');
  };
  return { harness, post, hold };
}

describe('one sender and the others', () => {
  it('a key at its limit in a tight loop is refused, and every request of another is answered', async () => {
    // A quarter of it may come at once, and that is more than the quiet one sends at all.
    const { harness, post } = await open({ env: { MILLRACE_KEY_REQUESTS: '200' } });
    const answers = { busy: [] as Answer[], quiet: [] as Answer[] };
    let stopping = false;
    const flood = async (): Promise<void> => {
      while (!stopping) answers.busy.push(await post('{"event":"busy"}', { key: KEYS.busy }));
    };
    const floods = Promise.all(Array.from({ length: 8 }, flood));
    await vi.waitFor(() => expect(answers.busy.some(({ status }) => status === 429)).toBe(true), 20_000);
    for (let i = 0; i < 40; i++) answers.quiet.push(await post('{"event":"quiet"}', { key: KEYS.quiet }));
    stopping = true;
    await floods;
    const refused = answers.busy.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ body }) => `${body.code} ${body.field}`))).toEqual(
      new Set(['too_many_requests requests']),
    );
    expect(answers.quiet.map(({ status }) => status)).toEqual(Array(40).fill(200));
    const stored = await harness.events();
    expect(stored.filter(({ event }) => event.event === 'quiet')).toHaveLength(40);
    expect(stored).toHaveLength(40 + answers.busy.length - refused.length);
  });

  it('events of a batch count, and what a compressed body unpacks to', async () => {
    const { post } = await open({ env: { MILLRACE_KEY_EVENTS: '100', MILLRACE_KEY_BYTES: '100000' } });
    const batch = '{"event":"a"}\n'.repeat(5_000);
    expect(await post(batch, { key: KEYS.busy })).toMatchObject({ status: 200, body: { accepted: 5_000 } });
    expect(await post('{"event":"a"}', { key: KEYS.busy })).toMatchObject({
      status: 429,
      body: { field: 'events' },
    });
    const spaces = gzipSync(`{"event":"a"}${' '.repeat(3_000_000)}`);
    expect(await post(spaces, { key: KEYS.quiet, encoding: 'gzip' })).toMatchObject({ status: 200 });
    expect(await post('{"event":"a"}', { key: KEYS.quiet })).toMatchObject({
      status: 429,
      body: { field: 'bytes' },
    });
    expect(await post('{"event":"a"}')).toMatchObject({ status: 200 });
  });

  it('slow bodies of one address take its share of the memory, and no byte of that of others', async () => {
    const settings = { pendingBytes: 4_000_000, batchBytes: 1_000_000 };
    const { harness, post, hold } = await open({ settings });
    const pending = () => harness.metrics.read('millrace_ingest_pending_bytes');
    await hold(800_000, '127.0.0.2');
    await vi.waitFor(async () => expect(await pending()).toBe(800_000));
    for (let i = 0; i < 8; i++) await hold(800_000, '127.0.0.2');
    expect(await post('{"event":"slow"}'.padEnd(500_000), { from: '127.0.0.2' })).toMatchObject({
      status: 503,
      body: { code: 'overloaded', detail: expect.stringContaining('a quarter of MILLRACE_PENDING_BYTES') },
    });
    expect(await pending()).toBeLessThanOrEqual(1_000_000);
    for (let i = 0; i < 5; i++) {
      expect(await post('{"event":"a"}'.padEnd(900_000))).toMatchObject({ status: 200 });
    }
  });

  it('a chunked body without end is refused at the limit of a body', async () => {
    const { post, harness } = await open({ settings: { batchBytes: 200_000 } });
    const { status, body } = await post(new Uint8Array(3_000_000).fill(0x20));
    expect([status, body.code]).toEqual([413, 'body_too_large']);
    const chunked = await new Promise<string>((resolve) => {
      const { port } = harness.server.server.address() as { port: number };
      const socket = connect(port, '127.0.0.1').on('error', () => {});
      sockets.push(socket);
      socket.write('POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n');
      const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
      const timer = setInterval(() => socket.write(chunk), 1);
      let text = '';
      socket.on('data', (data) => {
        text += data;
      });
      socket.once('close', () => {
        clearInterval(timer);
        resolve(text);
      });
    });
    expect(chunked).toMatch(/HTTP\/1\.1 413 .*body_too_large/s);
  });
});
