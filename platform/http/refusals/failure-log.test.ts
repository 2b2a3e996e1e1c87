import { expect, it } from 'vitest';
import { noKeys } from '#platform/access/testing/no-keys.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createServer } from '../server.ts';

it('a failed request is logged with its path, and nothing of its parameters', async () => {
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
  server.get('/broken', { config: { access: 'public' } }, async () => {
    throw new Error('broken');
  });
  await server.inject({ method: 'GET', url: '/broken?key=u_42', headers: { host: 'localhost' } });
  await server.close();
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({ code: 'internal', url: '/broken' });
  expect(lines[0]).not.toContain('u_42');
});
