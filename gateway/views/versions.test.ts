import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SeriesAnswer } from '#contracts/view/series-result.ts';
import type { Store } from '#platform/store/store.ts';
import { type Followed, follow, plain } from '../testing/follow-view.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;
const ORDERS = { event: 'order', aggregate: 'count', groupBy: ['country'], window: '10s' };
const MADE = { ...ORDERS, event: 'made' };
const request = { metric: 'orders', range: '30s' };
const WAIT = { timeout: 10_000, interval: 10 };

let gateway: TestGateway;
let first: number;
/** Held back, the reads of the Store wait for it. */
let gate: Promise<void>;
beforeEach(async () => {
  gate = Promise.resolve();
  gateway = await startGateway({}, { wrapStore: holdReads });
  first = (await gateway.define('orders', ORDERS)).version;
  await gateway.facts(NOW);
  await vi.waitFor(() => expect(gateway.gateway.ready()).toBeNull(), WAIT);
});
afterEach(() => gateway.close());

const holdReads = (store: Store): Store =>
  new Proxy(store, {
    get: (target, name) =>
      name === 'readPanes'
        ? (range: Parameters<Store['readPanes']>[0]) => gate.then(() => target.readPanes(range))
        : Reflect.get(target, name),
  });
const state = (count: number) => ({ nums: [], keys: [], counts: [count] });
/** What a back-fill has put into the Store. */
const fill = (version: number, group: string[], count: number) =>
  gateway.store.insertPanes([
    { metric: 'orders', version, pane: NOW, group, part: '~0', state: state(count), next: 1 },
  ]);
const update = (version: number, group: string, count: number, next: number) =>
  gateway.cells('orders', version, [{ pane: NOW, group: [group], count, next }]);
const change = async (body: object) => (await gateway.define('orders', body)).version;
const serve = (version: number) => gateway.catalog.write({ kind: 'serve', id: 'orders', version });
const shown = (client: Followed) => plain([...client.contents.values()][0]);
const infos = (client: Followed) =>
  client.frames.flatMap((f) => f.views.flatMap((v) => (v.info ? [v.info] : [])));

describe.each(['websocket', 'polling'] as const)('a board that is open over %s', (transport) => {
  const open = async (more: object = {}) => {
    const client = follow(gateway.connect({ transports: [transport] }));
    const reply = await client.subscribe({ request: { ...request, ...more } });
    if (!reply.ok) throw new Error(reply.error.message);
    return { client, id: reply.info.view };
  };

  it('shows the served version until the next one is served, then that one, under the same id', async () => {
    const { client, id } = await open();
    await update(first, 'DE', 5, 1);
    await vi.waitFor(() => expect(shown(client)).toEqual({ DE: { [NOW]: 5 } }), WAIT);
    const second = await change(MADE);
    await fill(second, ['FR'], 40);
    await update(second, 'FR', 2, 2);
    await update(first, 'DE', 6, 3);
    await vi.waitFor(() => expect(shown(client)).toEqual({ DE: { [NOW]: 6 } }), WAIT);
    expect([...client.contents.values()][0]!.version).toBe(first);
    await serve(second);
    await vi.waitFor(() => expect(shown(client)).toEqual({ FR: { [NOW]: 42 } }), WAIT);
    expect([...client.contents.values()][0]!.version).toBe(second);
    expect([...client.contents.keys()]).toEqual([id]);
    expect(infos(client)).toMatchObject([{ view: id, version: second, events: ['made'] }]);
    await update(second, 'FR', 3, 3);
    await update(first, 'DE', 7, 4);
    await vi.waitFor(() => expect(shown(client)).toEqual({ FR: { [NOW]: 43 } }), WAIT);
    expect(client.outcomes).not.toContain('behind');
    expect(client.notices).toEqual([]);
  });

  it('stays whole and goes on while the history of the next version is read', async () => {
    const { client } = await open();
    await open({ groupBy: [] });
    const second = await change(MADE);
    await fill(second, ['FR'], 40);
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    await serve(second);
    await update(first, 'DE', 8, 1);
    await vi.waitFor(() => expect(shown(client)).toEqual({ DE: { [NOW]: 8 } }), WAIT);
    resolve();
    await vi.waitFor(() => expect(shown(client)).toEqual({ FR: { [NOW]: 40 } }), WAIT);
    expect(client.outcomes).not.toContain('behind');
  });

  it('keeps its other views, and hears of a view that cannot be had any more', async () => {
    const { client, id } = await open({ where: { country: 'DE' } });
    await gateway.define('other', ORDERS);
    const other = await client.subscribe({ request: { ...request, metric: 'other' } });
    const second = await change({ ...ORDERS, groupBy: ['plan'] });
    await serve(second);
    await vi.waitFor(
      () => expect(client.notices).toMatchObject([{ code: 'metric_changed', view: id, retry: true }]),
      WAIT,
    );
    const version = gateway.catalog.catalog.metrics.get('other')!.version;
    await gateway.cells('other', version, [{ pane: NOW, group: ['DE'], count: 4, next: 1 }]);
    const held = () => client.contents.get(other.ok ? other.info.view : '');
    await vi.waitFor(() => expect(plain(held())).toEqual({ DE: { [NOW]: 4 } }), WAIT);
    expect(await client.subscribe({ request })).toMatchObject({ ok: true, info: { groupBy: ['plan'] } });
  });

  it('learns a new title at once, and keeps its version', async () => {
    const { client } = await open();
    await update(first, 'DE', 5, 1);
    await change({ ...ORDERS, title: 'Sold', unit: 'pcs' });
    await vi.waitFor(() => expect(infos(client)).toMatchObject([{ title: 'Sold', unit: 'pcs' }]), WAIT);
    await vi.waitFor(() => expect(shown(client)).toEqual({ DE: { [NOW]: 5 } }), WAIT);
    expect([...client.contents.values()][0]!.version).toBe(first);
  });

  it('ends with the metric, and made again it begins with nothing', async () => {
    const { client, id } = await open();
    await fill(first, ['DE'], 9);
    await fetch(`${gateway.url}/v1/metrics/orders`, { method: 'DELETE' });
    await vi.waitFor(
      () => expect(client.notices).toMatchObject([{ code: 'unknown_metric', view: id }]),
      WAIT,
    );
    const again = await change(ORDERS);
    expect(again).not.toBe(first);
    const reply = await client.subscribe({ request });
    expect(reply).toMatchObject({ ok: true, info: { version: again }, frame: { views: [{ members: [] }] } });
  });
});

it('shows the newest title where it changed while the history was read', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  gate = promise;
  const client = follow(gateway.connect());
  const asked = client.subscribe({ request });
  await vi.waitFor(() => expect(gateway.gateway.totals().gauges.views).toBe(1), WAIT);
  await change({ ...ORDERS, title: 'Sold' });
  resolve();
  expect(await asked).toMatchObject({ ok: true, info: { title: 'Sold', version: first } });
});

it('answers a waiting HTTP request with the whole contents of the new version', async () => {
  const ask = async (query: string) => {
    const answer = await fetch(`${gateway.url}/v1/metrics/orders/series?range=30s&${query}`);
    return (await answer.json()) as SeriesAnswer;
  };
  const { next, version } = await ask('');
  expect(version).toBe(first);
  const waiting = ask(`since=${next}&wait=60s`);
  const second = await change(MADE);
  await fill(second, ['FR'], 40);
  await serve(second);
  expect(await waiting).toMatchObject({
    full: true,
    version: second,
    series: [{ group: { country: 'FR' } }],
  });
});

it('resumes no client of the old version, and holds nothing of it', async () => {
  const client = follow(gateway.connect());
  const reply = await client.subscribe({ request });
  const cursor = { epoch: reply.ok ? reply.frame.epoch : '', offset: reply.ok ? reply.frame.to : 0 };
  await update(first, 'DE', 5, 1);
  const second = await change(MADE);
  await serve(second);
  await vi.waitFor(() => expect(infos(client)).toHaveLength(1), WAIT);
  const other = follow(gateway.connect());
  expect(await other.subscribe({ request, cursor, version: first })).toMatchObject({
    ok: true,
    info: { version: second },
    frame: { views: [{ snapshot: true, version: second }] },
  });
  await vi.waitFor(() => expect(gateway.gateway.totals().gauges).toMatchObject({ views: 1, cells: 0 }), WAIT);
});
