import fastify, { type FastifyBaseLogger } from 'fastify';
import { expect, test } from 'vitest';
import type { Logger } from '#platform/process/reporting/logger.ts';
import { createMetrics } from '#platform/process/reporting/metrics.ts';
import { sendProblem } from './problem.ts';
import { watchRefusals } from './refusals.ts';

test('one line a code in ten seconds, which says how many there were in between', async () => {
  const lines: unknown[] = [];
  let time = 0;
  const server = fastify();
  const logger = { info: (fields: unknown) => void lines.push(fields) } as unknown as FastifyBaseLogger &
    Logger;
  watchRefusals(server, { metrics: createMetrics(false), logger, now: () => time });
  server.get('/', (_, reply) => sendProblem(reply, { code: 'invalid_key', message: 'x'.repeat(1_000) }));
  for (let i = 0; i < 50; i++) {
    await server.inject('/');
    time += 500;
  }
  expect(lines).toMatchObject([
    { code: 'invalid_key', method: 'GET', before: 0 },
    { before: 19 },
    { before: 19 },
  ]);
  expect(JSON.stringify(lines).length).toBeLessThan(1_500);
  await server.close();
});

test('bytes that are no request are counted and logged by their code as well', async () => {
  const lines: unknown[] = [];
  const server = fastify();
  const logger = { info: (fields: unknown) => void lines.push(fields) } as unknown as FastifyBaseLogger &
    Logger;
  const metrics = createMetrics(false);
  watchRefusals(server, { metrics, logger, now: () => 0 });
  for (let i = 0; i < 3; i++) server.refusals?.noteBytes({ code: 'not_http', message: 'no request' }, null);
  expect((await metrics.expose()).text).toContain('millrace_http_refusals_total{code="not_http"} 3');
  expect(lines).toMatchObject([{ code: 'not_http', method: 'none' }]);
  await server.close();
});
