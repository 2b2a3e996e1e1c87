import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '#client/index.ts';
import type { Client } from '#client/types.ts';
import { decodeBlockHeaders } from '#contracts/log/block.ts';
import type { CellsUpdate } from '#contracts/log/update.ts';
import type { ViewContents } from '#contracts/view/frame.ts';
import { eventually } from '../testing/eventually.ts';
import { startMemoryMillrace } from '../testing/memory-millrace.ts';
import { readSeries, total } from '../testing/series.ts';
import { recordsOf, updatesOf } from '../testing/topic-records.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** The folders that an event passes, from POST to pixel. */
const WALK = [
  'ingest',
  'ingest/core',
  'platform/log',
  'aggregator',
  'aggregator/core/decode',
  'aggregator/core/dedup',
  'aggregator/core/fold',
  'aggregator/output',
  'gateway/views',
  'gateway/core',
  'gateway/sessions',
  'gateway/sockets',
  'client/live',
  'client/views',
  'dashboard/src/panels',
  'dashboard/src/charts',
];

/**
 * The story of one event, from the HTTP request to the frame that a dashboard draws. The tests are chapters: they run
 * in order, on one process with the reference adapters, and each looks at the next place where the event arrives.
 */
describe('one event, from HTTP to a frame', () => {
  let millrace: Awaited<ReturnType<typeof startMemoryMillrace>>;
  let client: Client;
  let onScreen: ViewContents | null = null;
  const when = Date.now();

  beforeAll(async () => {
    millrace = await startMemoryMillrace();
    client = createClient({ url: millrace.url });
  });
  afterAll(async () => {
    await client.close();
    await millrace.close();
  });

  it('before it comes, somebody defines what to measure: the sum of amounts by country', async () => {
    const metric = { event: 'checkout', aggregate: 'sum(amount)', groupBy: ['country'], window: '10s' };
    const response = await fetch(`${millrace.url}/v1/metrics/revenue`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(metric),
    });
    expect(response.status, await response.clone().text()).toBeLessThan(300);
    expect(await response.json()).toMatchObject({ id: 'revenue', window: '10s', pane: '1s', lateness: '1m' });
  });

  it('and every partition of the events learns of it by a control block, which the next commit shows', async () => {
    await eventually(
      () => millrace.store.readCommits(),
      (rows) =>
        rows.length === 2 &&
        rows.every(({ facts }) => facts.active.some(({ metric }) => metric === 'revenue')),
    );
  });

  it('and somebody opens a board: the SDK subscribes and gets a snapshot without any value', async () => {
    client.subscribe(
      { metric: 'revenue', range: '5m' },
      {
        onChange: (contents) => {
          onScreen = contents;
        },
      },
    );
    await eventually(
      () => onScreen,
      (contents) => contents !== null,
    );
    expect([...onScreen!.series.values()].flatMap((series) => [...series.cells.values()])).toEqual([]);
  });

  it('ingest: an app posts one event, as curl would, and the response says that it is durable', async () => {
    const event = {
      event: 'checkout',
      id: 'order-1',
      timestamp: when,
      key: 'u_42',
      properties: { country: 'DE', amount: 42.5 },
    };
    const response = await fetch(`${millrace.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: JSON.stringify(event),
    });
    expect(await response.json()).toEqual({ accepted: 1, late: 0, duplicates: 0, rejected: 0, errors: [] });
  });

  it('platform/log: it is a block in the topic `events`, the very bytes that came, with what ingest knows in headers', async () => {
    const blocks = (await recordsOf(millrace.log, 'events'))
      .map(({ value, headers, time }) => ({
        text: Buffer.from(value).toString(),
        head: decodeBlockHeaders(headers, time),
      }))
      .filter(({ head }) => head.ok && head.value.kind === 'events');
    expect(blocks).toHaveLength(1);
    expect(JSON.parse(blocks[0]!.text)).toMatchObject({ event: 'checkout', id: 'order-1' });
    expect(blocks[0]!.head).toMatchObject({ ok: true, value: { count: 1, block: expect.any(String) } });
  });

  it('aggregator/core/fold, aggregator/output: it changes the state of one pane and group, which is published', async () => {
    const isRevenue = (update: { kind: string; metric?: string }): update is CellsUpdate =>
      update.kind === 'cells' && update.metric === 'revenue';
    const [update] = await eventually(
      async () => (await updatesOf(millrace.log)).filter(isRevenue),
      (updates) => updates.length > 0,
    );
    expect(update).toMatchObject({ metric: 'revenue', received: expect.any(Number) });
    expect(update!.cells).toMatchObject([{ pane: when - (when % 1_000), group: ['DE'] }]);
  });

  it('aggregator/output: the Store gets the pane, the event for its archive, and then the commit that says so', async () => {
    const commits = await eventually(
      () => millrace.store.readCommits(),
      (rows) => rows.some(({ facts }) => facts.counters.events === 1),
    );
    expect(await millrace.store.countEvents()).toBe(1);
    const { facts } = commits.find((row) => row.facts.counters.events === 1)!;
    // Beside it the count of all events, which is built in.
    expect(facts.active.map(({ metric }) => metric).sort()).toEqual(['$events', 'revenue']);
  });

  it('gateway, client: a frame comes, and the value is on the screen', async () => {
    await eventually(
      () => [...(onScreen?.series.values() ?? [])],
      (series) => series.length === 1 && series[0]!.cells.size === 1,
    );
    const [series] = [...onScreen!.series.values()];
    expect(series!.group).toEqual(['DE']);
    expect([...series!.cells]).toEqual([[when - (when % 10_000), [42.5]]]);
  });

  it('aggregator/core/dedup: a repeat of the event changes nothing, and HTTP gives the same number', async () => {
    expect(total(await readSeries(millrace.url, 'revenue', '?range=5m'))).toBe(42.5);
    const again = {
      event: 'checkout',
      id: 'order-1',
      timestamp: when,
      key: 'u_42',
      properties: { country: 'DE', amount: 42.5 },
    };
    await fetch(`${millrace.url}/v1/events`, { method: 'POST', body: JSON.stringify(again) });
    await eventually(
      () => millrace.store.readCommits(),
      (rows) => rows.some(({ facts }) => facts.counters.duplicates === 1),
    );
    expect(total(await readSeries(millrace.url, 'revenue', '?range=5m'))).toBe(42.5);
  });
});

it('follows the path that docs/ARCHITECTURE.md describes, folder by folder', () => {
  const text = readFileSync(join(ROOT, 'docs/ARCHITECTURE.md'), 'utf8');
  const section = text.slice(text.indexOf('## The path of one event'));
  const rows = section.slice(0, section.indexOf('\n## ', 1)).matchAll(/^\| `([\w/]+)` \|/gm);
  expect([...rows].map((row) => row[1])).toEqual(WALK);
  expect(WALK.filter((folder) => !existsSync(join(ROOT, folder)))).toEqual([]);
});
