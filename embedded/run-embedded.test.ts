import type { Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { createMemoryLog } from '#platform/log/local/memory-log.ts';
import { topicSpecs } from '#platform/log/topic-specs.ts';
import { createLogger } from '#platform/process/reporting/logger.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { createMemoryStore } from '#platform/store/memory/memory-store.ts';
import { HELD, hold } from '../gateway/testing/held-connections.ts';
import { eventually } from '../tests/testing/eventually.ts';
import { DEMO_BOARD } from './demo/demo-board.ts';
import { DEMO_METRICS } from './demo/demo-metrics.ts';
import { DEMO_BOARD_ID } from './demo/traffic/names.ts';
import { runEmbedded } from './run-embedded.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

it('removes the demo and serves again, whatever clients do with the connections they hold', async () => {
  let emptied = 0;
  let failure: Error | null = null;
  const settings = readSettings({
    MILLRACE_PORT: '0',
    MILLRACE_PARTITIONS: '1',
    MILLRACE_DRAIN: '200ms',
    MILLRACE_DRAIN_SPREAD: '100ms',
  });
  const app = await runEmbedded(settings, {
    async open() {
      const log = createMemoryLog();
      await log.ensureTopics(topicSpecs(settings.log));
      return { log, store: createMemoryStore({ aggregateOf }) };
    },
    empty: async () => void emptied++,
    logger: createLogger('silent', 'test'),
    failed: (error) => {
      failure = error;
    },
  });
  const { url } = app;
  const put = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url + path, { method: 'PUT', headers, body: JSON.stringify(body) });
    expect(answer.status, await answer.text()).toBe(201);
  };
  await put('/v1/metrics/orders', DEMO_METRICS.orders!);
  await put(`/v1/boards/${DEMO_BOARD_ID}`, DEMO_BOARD);
  await eventually(
    () => fetch(`${url}/ready`),
    ({ status }) => status === 200,
  );
  for (const held of HELD) sockets.push(await hold(app, held));
  const removal = await fetch(`${url}/v1/demo`, { method: 'DELETE' });
  expect(removal.status, await removal.text()).toBe(202);
  await eventually(
    async () => (await fetch(`${url}/v1/metrics`)).json() as Promise<{ metrics: object[] }>,
    ({ metrics }) => metrics.length === 0,
  );
  expect(app.url).toBe(url);
  expect([emptied, failure]).toEqual([1, null]);
  await app.close();
});
