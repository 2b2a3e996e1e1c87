import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { noKeys } from '#platform/access/testing/no-keys.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createServer } from '../server.ts';
import { connectionsOf } from './connections.ts';
import { fitConnections } from './fit-connections.ts';

const open: { close(): Promise<unknown> }[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of open.splice(0)) await server.close();
});

const PUBLIC = { config: { access: 'public' } } as const;
const LARGE = 'x'.repeat(4_000_000);
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

async function start(env: Record<string, string>) {
  const { http, limits } = readSettings({ MILLRACE_DRAIN: '100ms', ...env });
  const metrics = createMetrics(false);
  const logger = createLogger('silent', 'test');
  const server = createServer({ ...http, limits }, { logger, metrics, keyring: noKeys(), ready: () => null });
  open.push(server);
  const gate = Promise.withResolvers<void>();
  let asked = 0;
  server.get('/late', PUBLIC, async () => {
    asked++;
    await gate.promise;
    return 'late';
  });
  server.get('/large', PUBLIC, async () => LARGE);
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as { port: number };
  const dial = async (text = ''): Promise<Socket> => {
    const socket = connect({ port, host: '127.0.0.1' }).on('error', () => {});
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write(text);
    return socket;
  };
  return { dial, metrics, gate, asked: () => asked, connections: connectionsOf(server.server)! };
}

async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'close');
  return text;
}
const statuses = (text: string): string[] => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => code!);
const codeIn = (text: string): string | undefined => /"code":"([^"]+)"/.exec(text)?.[1];

describe('connections', () => {
  it('of all addresses have a limit, behind proxies too; one over it is refused with an answer', async () => {
    const { dial, metrics } = await start({ MILLRACE_TCP_CONNECTIONS: '2', MILLRACE_PROXIES: '1' });
    const held = [await dial(get('/live')), await dial(get('/live'))];
    for (const socket of held) await once(socket, 'data');
    const text = await readAll(await dial());
    expect(statuses(text)).toEqual(['429']);
    expect(codeIn(text)).toBe('too_many_connections');
    expect(text).toContain('MILLRACE_TCP_CONNECTIONS');
    expect((await metrics.expose()).text).toContain('millrace_http_limited_total{limit="tcp_total"} 1');
    held[0]!.destroy();
    await vi.waitFor(async () => {
      const [answer] = (await once(await dial(get('/live')), 'data')) as [Buffer];
      expect(answer.toString()).toContain('200 OK');
    });
  });

  it('are counted by what they do', async () => {
    const { dial, metrics, asked } = await start({});
    await dial(get('/late'));
    await once(await dial(get('/live')), 'data');
    await vi.waitFor(() => expect(asked()).toBe(1));
    await vi.waitFor(
      async () => {
        const { text } = await metrics.expose();
        expect(text).toContain('millrace_http_connections{state="request"} 1');
        expect(text).toContain('millrace_http_connections{state="idle"} 1');
      },
      { timeout: 10_000 },
    );
  });

  it('whose client never reads its answers make room for those that are read', async () => {
    const { dial, metrics, connections } = await start({ MILLRACE_UNREAD_BYTES: '10000000' });
    const deaf = await dial();
    deaf.pause();
    deaf.write(get('/large').repeat(20));
    await vi.waitFor(
      async () =>
        expect((await metrics.expose()).text).toContain('millrace_http_cut_total{state="unread"} 1'),
      { timeout: 10_000 },
    );
    const reads = await dial(get('/large').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    expect((await readAll(reads)).length).toBeGreaterThan(LARGE.length);
    await vi.waitFor(() => expect(connections.size).toBe(0));
  });
});

describe('requests that wait for their answers', () => {
  it('are limited on one connection; due answers are sent, then a refusal, then it ends', async () => {
    const { dial, gate, asked } = await start({ MILLRACE_PIPELINED: '3' });
    const socket = await dial(get('/late').repeat(6));
    const all = readAll(socket);
    await vi.waitFor(() => expect(asked()).toBe(3));
    gate.resolve();
    const text = await all;
    expect(statuses(text)).toEqual(['200', '200', '200', '429']);
    expect(text).toContain('MILLRACE_PIPELINED');
    expect(asked()).toBe(3);
  });

  it('are not those that a connection sends above its limit', async () => {
    const { dial, gate, asked } = await start({ MILLRACE_PIPELINED: '3', MILLRACE_UNANSWERED: '10' });
    await dial(get('/late').repeat(50));
    await vi.waitFor(() => expect(asked()).toBe(3));
    await dial(get('/late'));
    await vi.waitFor(() => expect(asked()).toBe(4));
    gate.resolve();
  });

  it('are limited over all connections; health checks are answered all the same', async () => {
    const { dial, gate, asked } = await start({ MILLRACE_UNANSWERED: '10' });
    for (let i = 0; i < 10; i++) await dial(get('/late'));
    await vi.waitFor(() => expect(asked()).toBe(10));
    const [refused] = (await once(await dial(get('/late')), 'data')) as [Buffer];
    expect(codeIn(refused.toString())).toBe('overloaded');
    const [health] = (await once(await dial(get('/ready')), 'data')) as [Buffer];
    expect(health.toString()).toContain('200 OK');
    gate.resolve();
  });
});

describe('the limit of open files', () => {
  const logger = (said: object[]) => ({ warn: (fields: object) => void said.push(fields) }) as never;

  it.each([
    [16_000, null, 16_000, 0],
    [16_000, 20_000, 16_000, 0],
    [16_000, 4_096, 3_096, 1],
    [16_000, 256, 128, 1],
    [100, 256, 100, 1],
  ])('%i connections of %s files: %i', (wanted, files, total, said) => {
    const lines: object[] = [];
    expect(fitConnections(wanted, logger(lines), files)).toBe(total);
    expect(lines).toHaveLength(said);
  });
});
