import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyContents } from '#contracts/view/frame.ts';
import { follow, plain } from '../testing/follow-view.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;
const ORDERS = { event: 'order', aggregate: 'count', groupBy: ['country'], window: '10s' };
const request = { metric: 'orders', range: '1m' };
const WAIT = { timeout: 15_000, interval: 10 };

let gateway: TestGateway;
let version: number;
beforeEach(async () => {
  gateway = await startGateway({ credit: 4_096 });
  ({ version } = await gateway.define('orders', ORDERS));
  await gateway.facts(NOW);
  await vi.waitFor(() => expect(gateway.gateway.ready()).toBeNull(), WAIT);
});
afterEach(() => gateway.close());

const groups = (next: number) =>
  Array.from({ length: 20 }, (_, i) => ({ pane: NOW, group: [`country ${i}`], count: next, next }));

describe('clients of one subscription group', () => {
  it('gives a client that stops acknowledging one merged frame when it goes on', async () => {
    const socket = gateway.connect();
    const slow = follow(socket, false);
    const quick = follow(gateway.connect());
    for (const client of [slow, quick]) await client.subscribe({ request });
    for (let next = 1; next <= 40; next++) {
      await gateway.cells('orders', version, groups(next));
      await vi.waitFor(() => expect(quick.contents.values().next().value?.series.size).toBe(20), WAIT);
      const last = () => Object.values(plain([...quick.contents.values()][0])['country 7'] ?? {});
      await vi.waitFor(() => expect(last()).toEqual([next]), WAIT);
    }
    const received = slow.frames.length;
    expect(received).toBeLessThan(quick.frames.length);
    socket.emit('ack', { to: slow.frames.at(-1)!.to });
    const contents = () => plain([...slow.contents.values()][0] ?? emptyContents());
    await vi.waitFor(() => expect(contents()['country 7']).toEqual({ [NOW]: 40 }), WAIT);
    expect(slow.frames.length).toBe(received + 1);
    expect(slow.outcomes).not.toContain('behind');
  });

  it('frees a view when its last client leaves it', async () => {
    const socket = gateway.connect();
    const client = follow(socket);
    const reply = await client.subscribe({ request });
    expect(gateway.gateway.totals().gauges).toMatchObject({ viewers: 1, views: 1 });
    socket.emit('unsubscribe', { view: reply.ok && reply.info.view });
    await vi.waitFor(
      () => expect(gateway.gateway.totals().gauges).toMatchObject({ views: 0, cells: 0 }),
      WAIT,
    );
  });

  it('shares one view between equal requests', async () => {
    const [a, b] = [follow(gateway.connect()), follow(gateway.connect())];
    await a.subscribe({ request });
    await b.subscribe({ request: { range: '60s', groupBy: ['country'], window: '10s', metric: 'orders' } });
    expect(gateway.gateway.totals().gauges).toMatchObject({ viewers: 2, views: 1 });
  });

  it('goes on when views are added one after another while data flows', async () => {
    const client = follow(gateway.connect());
    for (let i = 1; i <= 5; i++) {
      await gateway.cells('orders', version, groups(i));
      await client.subscribe({ request: { ...request, window: `${i * 10}s` } });
    }
    await gateway.cells('orders', version, groups(6));
    await vi.waitFor(() => {
      const counts = [...client.contents.values()].map((c) => Object.values(plain(c)['country 3']!)[0]);
      expect(counts).toEqual([6, 6, 6, 6, 6]);
    }, WAIT);
    expect(client.outcomes).not.toContain('behind');
  });
});

describe('endings', () => {
  it('reports a deleted metric once, and leaves the other views alone', async () => {
    await gateway.define('clicks', { event: 'click', aggregate: 'count' });
    const client = follow(gateway.connect());
    const orders = await client.subscribe({ request });
    await client.subscribe({ request: { metric: 'clicks' } });
    await fetch(`${gateway.url}/v1/metrics/orders`, { method: 'DELETE' });
    await vi.waitFor(() => expect(client.notices).toHaveLength(1), WAIT);
    expect(client.notices[0]).toMatchObject({
      code: 'unknown_metric',
      retry: false,
      view: orders.ok && orders.info.view,
    });
    expect(gateway.gateway.totals().gauges.views).toBe(1);
  });

  it('tells clients when to come back before it stops', async () => {
    const socket = gateway.connect();
    const client = follow(socket);
    await client.subscribe({ request });
    await gateway.gateway.drain();
    expect(client.notices[0]).toMatchObject({
      code: 'shutting_down',
      retry: true,
      after: expect.any(Number),
    });
    await vi.waitFor(() => expect(socket.connected).toBe(false), WAIT);
  });

  it('shows recent and rejected events while a client follows the tail', async () => {
    const socket = gateway.connect();
    const client = follow(socket);
    socket.emit('tail', { on: true });
    const value = Buffer.from('{"event":"order","properties":{"country":"DE"}}\nnot json\n');
    const rejected = { time: NOW, code: 'invalid_json', message: 'no', body: '{"event":' };
    await vi.waitFor(
      async () => {
        await gateway.log.append('events', 1, [{ key: null, value, headers: {} }]);
        await gateway.log.append('rejected', 0, [
          { key: null, value: Buffer.from(JSON.stringify(rejected)), headers: {} },
        ]);
        const rows = client.tails.flatMap((t) => t.rows);
        expect(rows).toContainEqual(expect.objectContaining({ event: 'order', text: 'country DE' }));
        expect(rows).toContainEqual(
          expect.objectContaining({ rejected: { code: 'invalid_json', message: 'no' } }),
        );
      },
      { timeout: 15_000, interval: 200 },
    );
  });
});
