import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { follow } from '../../testing/follow-view.ts';
import { PARTITIONS, startGateway, type TestGateway } from '../../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;

let gateway: TestGateway;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-dashboard-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<title>Millrace</title>');
  await writeFile(join(folder, 'assets', 'app-1a2b.js'), 'export {}');
  await writeFile(join(folder, 'client.js'), 'export const createClient = 1');
  gateway = await startGateway({}, { staticFolder: folder, clientFile: join(folder, 'client.js') });
});
afterEach(async () => {
  await gateway.close();
  await rm(folder, { recursive: true });
});

const get = async (path: string) => {
  const answer = await fetch(`${gateway.url}${path}`);
  return { status: answer.status, cache: answer.headers.get('cache-control'), text: await answer.text() };
};

describe('GET /v1/metrics/:id/series', () => {
  beforeEach(async () => {
    const { version } = await gateway.define('orders', {
      event: 'order',
      aggregate: 'count',
      groupBy: ['country'],
      window: '10s',
    });
    await gateway.facts(NOW + 5_000);
    await gateway.cells('orders', version, [
      { pane: NOW, group: ['DE'], count: 2, next: 1 },
      { pane: NOW - 10_000, group: ['DE'], part: '1', count: 3, next: 1 },
      { pane: NOW - 9_000, group: ['DE'], count: 4, next: 1 },
      { pane: NOW, group: ['FR'], count: 1, next: 1 },
    ]);
  });
  const series = async (query: string) => JSON.parse((await get(`/v1/metrics/orders/series?${query}`)).text);

  const snapshotOf = async (request: object) => {
    const reply = await follow(gateway.connect()).subscribe({ request });
    if (!reply.ok) throw new Error(reply.error.message);
    return reply.frame.views[0]!;
  };

  it('gives windows and a value for each: zero where nothing happened, none before history begins', async () => {
    expect(await series('range=30s')).toMatchObject({
      metric: 'orders',
      window: 10_000,
      panes: [NOW - 20_000, NOW - 10_000, NOW],
      series: [
        { group: { country: 'DE' }, output: 'value', values: [null, 7, 2] },
        { group: { country: 'FR' }, output: 'value', values: [null, 0, 1] },
      ],
    });
  });

  it('merges groups and windows, and filters', async () => {
    expect(await series('range=20s&window=20s&groupBy=')).toMatchObject({
      series: [{ group: {}, values: [3] }],
    });
    const where = encodeURIComponent('{"country":"FR"}');
    expect(await series(`range=20s&where=${where}`)).toMatchObject({
      series: [{ group: { country: 'FR' }, values: [0, 1] }],
    });
    for (const text of ['country = FR', 'not country starts with D', 'country matches "^F" or country = XX'])
      expect(await series(`range=20s&where=${encodeURIComponent(text)}`)).toMatchObject({
        series: [{ group: { country: 'FR' }, values: [0, 1] }],
      });
  });

  it.each([
    ['count', 0],
    ['sum(x)', 0],
    ['rate', 0],
    ['distinct(x)', 0],
    ['avg(x)', null],
  ])('shows an ungrouped %s of which nothing has happened as one series of %j', async (aggregate, empty) => {
    await gateway.define('quiet', { event: 'never', aggregate, groupBy: ['shop'], window: '10s' });
    const quiet = async (query: string) =>
      JSON.parse((await get(`/v1/metrics/quiet/series?range=30s&${query}`)).text);
    const values = [empty, empty, empty];
    expect((await quiet('groupBy=')).series).toEqual([{ group: {}, output: 'value', values }]);
    const where = encodeURIComponent('{"shop":"a"}');
    expect((await quiet(`groupBy=&where=${where}`)).series).toHaveLength(1);
    expect((await quiet('groupBy=shop')).series).toEqual([]);
    const { members, at } = await snapshotOf({ metric: 'quiet', groupBy: [], range: '30s' });
    expect({ members, at }).toEqual({ members: [{ series: 0, group: [] }], at: [] });
  });

  it('has no value where no double holds it, and says in which windows', async () => {
    const { version } = await gateway.define('spend', { event: 'order', aggregate: 'sum(x)', window: '10s' });
    const cell = (pane: number, part: string, high: number) => ({
      pane,
      group: [],
      part,
      state: { nums: [1, high], keys: [], counts: [] },
      next: 1,
    });
    // 2^128 · 2^896 is the first number beyond.
    const cells = [
      cell(NOW, '0', 2 ** 896),
      cell(NOW - 10_000, '0', 2 ** 896),
      cell(NOW - 10_000, '1', -(2 ** 896)),
    ];
    await gateway.append({ kind: 'cells', metric: 'spend', version, received: null, cells });
    await gateway.facts(NOW + 5_000);
    const answer = JSON.parse((await get('/v1/metrics/spend/series?range=30s')).text);
    expect(answer).toMatchObject({ overflow: [NOW], series: [{ values: [null, 2, null] }] });
    const { overflow, values } = await snapshotOf({ metric: 'spend', range: '30s' });
    expect({ overflow, values }).toEqual({ overflow: [1], values: [[2, null]] });
  });

  it('says in every answer how much of the history it contains', async () => {
    const { version } = gateway.catalog.catalog.metrics.get('orders')!;
    const whole = await series('range=30s');
    expect(whole.filled).toEqual({ done: 0, of: PARTITIONS });
    for (const partition of [0, 1])
      await gateway.append({
        kind: 'backfilled',
        metric: 'orders',
        version,
        part: `~${partition}`,
        activation: 0,
      });
    const more = await series(`range=30s&since=${whole.next}`);
    expect(more.full || more.series.length > 0).toBe(false);
    const last = await gateway.cells('orders', version, [{ pane: NOW, group: ['DE'], count: 3, next: 2 }]);
    const changed = await series(`range=30s&since=${more.next}&wait=10s`);
    expect(changed.cursor.offset).toBeGreaterThan(last);
    expect(changed).toMatchObject({ full: false, filled: { done: PARTITIONS, of: PARTITIONS } });
  });

  it.each([
    ['range=1x', 400, 'invalid_parameter'],
    ['window=1x', 400, 'invalid_parameter'],
    ['where=%7B', 400, 'invalid_parameter'],
    ['where=country%3D%3DDE', 400, 'invalid_filter'],
    ['where=amount%3E1', 400, 'not_a_dimension'],
    ['from=1', 400, 'invalid_parameter'],
    ['window=10s&window=20s', 400, 'invalid_parameter'],
    ['groupBy=plan', 400, 'invalid_view'],
  ])('refuses ?%s', async (query, status, code) => {
    const answer = await get(`/v1/metrics/orders/series?${query}`);
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([status, code]);
  });

  it('knows no other metric', async () => {
    expect(await get('/v1/metrics/nothing/series')).toMatchObject({ status: 404 });
  });

  it('is described in /openapi.json', async () => {
    const { paths } = JSON.parse((await get('/openapi.json')).text);
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/v1/metrics/{id}/series',
        '/v1/metrics/{id}',
        '/v1/metrics',
        '/v1/boards/{id}',
        '/v1/boards',
      ]),
    );
  });
});

describe('the built dashboard', () => {
  it('is served with the cache times of its kinds', async () => {
    expect(await get('/')).toMatchObject({ status: 200, cache: 'no-cache', text: '<title>Millrace</title>' });
    expect(await get('/boards/shop?theme=ink')).toMatchObject({
      status: 200,
      cache: 'no-cache',
      text: '<title>Millrace</title>',
    });
    expect(await get('/assets/app-1a2b.js')).toMatchObject({
      status: 200,
      cache: expect.stringContaining('immutable'),
    });
    expect(await get('/client.js')).toMatchObject({ status: 200, text: 'export const createClient = 1' });
    expect(await get('/assets/app-9z9z.js')).toMatchObject({ status: 404 });
    expect(await get('/nothing')).toMatchObject({ status: 404 });
    expect(await get('/..%2f..%2fetc/passwd')).toMatchObject({ status: 404 });
  });
});
