import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SystemRecord } from '#contracts/log/system-record.ts';
import { eventually } from '../tests/testing/eventually.ts';
import { startMemoryMillrace } from '../tests/testing/memory-millrace.ts';

interface Operation {
  summary?: string;
  responses?: Record<string, unknown>;
}

let millrace: Awaited<ReturnType<typeof startMemoryMillrace>>;
beforeAll(async () => {
  millrace = await startMemoryMillrace();
});
afterAll(() => millrace.close());

const get = (path: string, init?: RequestInit): Promise<Response> => fetch(`${millrace.url}${path}`, init);

it('describes every address of the interface, and no other, in /openapi.json', async () => {
  const { paths } = (await (await get('/openapi.json')).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.toSorted()).toEqual([
    'DELETE /v1/boards/{id}',
    'DELETE /v1/demo',
    'DELETE /v1/events',
    'DELETE /v1/keys/{id}',
    'DELETE /v1/metrics/{id}',
    'DELETE /v1/metrics/{id}/rebuild',
    'GET /live',
    'GET /metrics',
    'GET /openapi.json',
    'GET /ready',
    'GET /v1/boards',
    'GET /v1/boards/{id}',
    'GET /v1/demo',
    'GET /v1/events',
    'GET /v1/events/verdict',
    'GET /v1/key',
    'GET /v1/keys',
    'GET /v1/metrics',
    'GET /v1/metrics/{id}',
    'GET /v1/metrics/{id}/differs',
    'GET /v1/metrics/{id}/explain',
    'GET /v1/metrics/{id}/groups',
    'GET /v1/metrics/{id}/rebuild',
    'GET /v1/metrics/{id}/series',
    'GET /v1/rejected',
    'GET /v1/schema',
    'GET /v1/status',
    'POST /v1/demo',
    'POST /v1/events',
    'POST /v1/events/verdict',
    'POST /v1/keys',
    'POST /v1/metrics/{id}/rebuild',
    'POST /v1/preview',
    'PUT /v1/boards/{id}',
    'PUT /v1/metrics/{id}',
  ]);
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      expect(operation.summary, `${method} ${path}`).toMatch(/\w/);
      expect(Object.keys(operation.responses ?? {}), `${method} ${path}`).not.toEqual([]);
    }
  }
});

it('is ready once every part is', async () => {
  await eventually(
    () => get('/ready').then((answer) => answer.status),
    (status) => status === 200,
  );
});

it('reports what the process holds, and how much it may hold', async () => {
  const status = async (): Promise<{ processes: SystemRecord[] }> =>
    (await (await get('/v1/status')).json()) as { processes: SystemRecord[] };
  const { processes } = await eventually(status, (answer) => answer.processes.length === 3);
  const budgets = processes.flatMap((record) => record.budgets ?? []);
  expect(budgets.find(({ name }) => name === 'pending_bytes')).toMatchObject({
    setting: 'MILLRACE_PENDING_BYTES',
    most: 64_000_000,
    refused: 0,
  });
  expect(new Set(budgets.map(({ name }) => name)).size).toBe(budgets.length);
  const measurements = await (await get('/metrics')).text();
  for (const { name, most } of budgets)
    expect(measurements).toContain(`millrace_budget_limit{budget="${name}"} ${most}`);
});

it('counts all events by name, without a definition by anybody', async () => {
  await get('/v1/events', { method: 'POST', body: '[{"event":"seen"},{"event":"seen"},{"event":"other"}]' });
  const read = async () =>
    (await (await get('/v1/metrics/$events/series?range=1m&window=whole')).json()) as {
      series: { group: { $event: string }; values: number[] }[];
    };
  const { series } = await eventually(read, (answer) => answer.series.length === 2);
  const counts = series.map(({ group, values }) => [group.$event, values.at(-1)]);
  expect(Object.fromEntries(counts)).toEqual({ seen: 2, other: 1 });
  const { metrics } = (await (await get('/v1/metrics')).json()) as { metrics: object[] };
  expect(metrics).toEqual([]);
});

it('refuses a second process on its port, and closes what it had opened', async () => {
  const port = new URL(millrace.url).port;
  await expect(startMemoryMillrace({ MILLRACE_PORT: port })).rejects.toMatchObject({ code: 'port_taken' });
});

it('starts the demo once, however often it is asked, and sends history to an empty log only', async () => {
  const demo = async (): Promise<{ phase: string; history: boolean; sent: number }> =>
    (await (await get('/v1/demo')).json()) as { phase: string; history: boolean; sent: number };
  expect(await demo()).toMatchObject({ phase: 'off', sent: 0 });
  await get('/v1/events', { method: 'POST', body: '{"event":"hello"}' });
  for (let i = 0; i < 2; i++) expect((await get('/v1/demo', { method: 'POST' })).status).toBe(202);
  await eventually(demo, ({ phase, sent }) => phase === 'live' && sent > 0);
  expect(await demo()).toMatchObject({ history: false });
  expect((await (await get('/v1/boards/storefront')).json()) as object).toMatchObject({
    title: 'Storefront',
  });
});
