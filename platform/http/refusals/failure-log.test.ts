import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import { noKeys } from '#platform/access/testing/no-keys.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createServer } from '../server.ts';

function createLoggingServer() {
  const lines: string[] = [];
  const server = createServer(
    { host: '127.0.0.1', hosts: '', drain: 0, proxies: 0, limits: readSettings({}).limits },
    {
      logger: createLogger('error', 'test', { write: (line) => void lines.push(line) }),
      metrics: createMetrics(false),
      keyring: noKeys(),
      ready: () => null,
    },
  );
  return { server, lines };
}

it('a failed request is logged with its path, and nothing of its parameters', async () => {
  const { server, lines } = createLoggingServer();
  server.get('/broken', { config: { access: 'public' } }, async () => {
    throw new Error('broken');
  });
  await server.inject({ method: 'GET', url: '/broken?key=u_42', headers: { host: 'localhost' } });
  await server.close();
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({ code: 'internal', url: '/broken' });
  expect(lines[0]).not.toContain('u_42');
});

it('what stops because its reader has left is no failure; other faults are, whoever still reads', async () => {
  const { server, lines } = createLoggingServer();
  let begun = (): void => {};
  let ended = (): void => {};
  for (const code of ['internal', 'shutting_down'] as const)
    server.get(`/${code}`, { config: { access: 'public' } }, async (_, reply) => {
      const isLeft = once(reply.raw, 'close');
      begun();
      await isLeft;
      throw new MillraceError({ code, message: 'It was stopped.' });
    });
  server.addHook('onError', async () => void setImmediate(ended));
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as AddressInfo;
  for (const code of ['shutting_down', 'internal']) {
    const [isBegun, isEnded] = [
      new Promise<void>((resolve) => (begun = resolve)),
      new Promise<void>((resolve) => (ended = resolve)),
    ];
    const sent = request({ host: '127.0.0.1', port, path: `/${code}`, headers: { host: 'localhost' } });
    sent.on('error', () => {});
    sent.end();
    await isBegun;
    sent.destroy();
    await isEnded;
  }
  await server.close();
  expect(lines.map((line) => JSON.parse(line).code)).toEqual(['internal']);
});
