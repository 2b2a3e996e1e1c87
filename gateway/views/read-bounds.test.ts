import { afterEach, expect, it } from 'vitest';
import type { GatewaySettings } from '../deps.ts';
import { follow } from '../testing/follow-view.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;
const GROUPS = 20;
const SECONDS = 100;

let gateway: TestGateway;
afterEach(() => gateway.close());

/** Rows of the largest page that was read. */
let largest = 0;
const noted = <T>(rows: T[]): T[] => {
  largest = Math.max(largest, rows.length);
  return rows;
};

/** A metric of twenty groups with a history of a hundred panes, all of it in the Store and settled. */
async function start(settings: Partial<GatewaySettings>): Promise<void> {
  largest = 0;
  gateway = await startGateway(settings, {
    wrapStore: (store) => ({
      ...store,
      readPanes: async (page) => noted(await store.readPanes(page)),
      readWindows: async (range) => noted(await store.readWindows(range)),
    }),
  });
  const { version } = await gateway.define('orders', {
    event: 'order',
    aggregate: 'count',
    groupBy: ['country'],
    window: '1s',
    lateness: '1s',
  });
  await gateway.facts(NOW);
  const rows = Array.from({ length: GROUPS * SECONDS }, (_, i) => ({
    metric: 'orders',
    version,
    pane: NOW - 10_000 - Math.floor(i / GROUPS) * 1_000,
    group: [`country-${i % GROUPS}`],
    part: '0',
    state: { nums: [], keys: [], counts: [1] },
    next: 1,
  }));
  await gateway.store.insertPanes(rows);
  await gateway.facts(NOW);
}

async function series(query: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${gateway.url}/v1/metrics/orders/series?${query}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const sumOf = ({ series }: Record<string, unknown>): number =>
  (series as { values: (number | null)[] }[])
    .flatMap(({ values }) => values)
    .reduce<number>((sum, value) => sum + (value ?? 0), 0);

it('merges a long range in the Store, whatever its panes', async () => {
  await start({});
  const { status, body } = await series('range=30d&window=1d');
  expect([status, sumOf(body)]).toEqual([200, GROUPS * SECONDS]);
  expect(largest).toBeLessThanOrEqual(2 * GROUPS);
});

it('refuses a range of too many rows before it reads one, and says that no retry helps', async () => {
  await start({ readRows: 1_000 });
  const { status, body } = await series('range=30d&window=1d');
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'view_too_large', retry: false });
  expect(body.detail).toMatch(/about 2000 stored rows, and a read may look at 1000 \(MILLRACE_READ_ROWS\)/);
  expect(largest).toBe(0);
  expect((await series('range=20s')).status).toBe(200);
});

it('refuses a view of too many values, and what it says would fit does fit', async () => {
  await start({ viewCells: 500 });
  const { status, body } = await series('range=2m');
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'view_too_large', retry: false });
  const [, range, window] = /A range of (\w+) would fit, or a window of (\w+)/.exec(String(body.detail))!;
  expect(await series(`range=${range}`)).toMatchObject({ status: 200 });
  const longer = await series(`range=2m&window=${window}`);
  expect([longer.status, sumOf(longer.body)]).toEqual([200, GROUPS * SECONDS]);
});

it('ends a view that grows past the bound, and no other', async () => {
  await start({ viewCells: 500 });
  const client = follow(gateway.connect());
  const { version } = gateway.catalog.catalog.metrics.get('orders')!.served;
  expect(await client.subscribe({ request: { metric: 'orders', range: '5s' } })).toMatchObject({ ok: true });
  expect(await client.subscribe({ request: { metric: 'orders', range: '5s', groupBy: [] } })).toMatchObject({
    ok: true,
  });
  const cells = Array.from({ length: 600 }, (_, i) => ({
    pane: NOW,
    group: [`new-${i}`],
    count: 1,
    next: 2,
  }));
  await gateway.cells('orders', version, cells);
  await expect
    .poll(() => client.notices)
    .toEqual([expect.objectContaining({ code: 'view_too_large', retry: false })]);
  await gateway.facts(NOW + 1_000);
  await expect.poll(() => client.frames.at(-1)?.views.length).toBe(1);
});

it('refuses views beyond the memory of a connection, and lets others have theirs', async () => {
  await start({ viewBytesPerConnection: 400_000 });
  const client = follow(gateway.connect());
  const answers = [];
  for (let i = 0; i < 10; i++) {
    answers.push(await client.subscribe({ request: { metric: 'orders', range: `${60 + i}s` } }));
  }
  expect(answers[0]).toMatchObject({ ok: true });
  expect(answers.at(-1)).toMatchObject({ ok: false, error: { code: 'too_many_views', retry: false } });
  const other = follow(gateway.connect());
  expect(await other.subscribe({ request: { metric: 'orders', range: '90s' } })).toMatchObject({ ok: true });
});
