import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { follow, plain } from '../testing/follow-view.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;
const ORDERS = { event: 'order', aggregate: 'count', groupBy: ['country'], window: '10s' };
const request = { metric: 'orders', range: '1m' };
const WAIT = { timeout: 10_000, interval: 10 };

describe.each(['websocket', 'polling'] as const)('views over %s', (transport) => {
  let gateway: TestGateway;
  let version: number;
  beforeEach(async () => {
    gateway = await startGateway();
    ({ version } = await gateway.define('orders', ORDERS));
    await gateway.facts(NOW);
    await vi.waitFor(() => expect(gateway.gateway.ready()).toBeNull(), WAIT);
  });
  afterEach(() => gateway.close());
  const connect = () => follow(gateway.connect({ transports: [transport] }));
  const update = (country: string, count: number, next: number) =>
    gateway.cells('orders', version, [{ pane: NOW, group: [country], count, next }]);

  it('gives a snapshot from Store and updates, then every change', async () => {
    const state = { nums: [], keys: [], counts: [3] };
    const row = { metric: 'orders', version, pane: NOW - 20_000, group: ['DE'], part: '0', state, next: 1 };
    await gateway.store.insertPanes([row]);
    await update('DE', 5, 2);
    const client = connect();
    const reply = await client.subscribe({ request });
    expect(reply).toMatchObject({ ok: true, info: { metric: 'orders', outputs: ['value'], window: 10_000 } });
    await update('FR', 7, 3);
    await vi.waitFor(() => {
      const [contents] = client.contents.values();
      expect(plain(contents)).toEqual({ DE: { [NOW - 20_000]: 3, [NOW]: 5 }, FR: { [NOW]: 7 } });
    }, WAIT);
    expect(client.outcomes).not.toContain('behind');
    expect(client.frames.some((f) => f.views[0]!.received !== null)).toBe(true);
  });

  it('resumes by cursor without loss, and answers a stale epoch with a snapshot', async () => {
    const client = connect();
    const first = await client.subscribe({ request });
    if (!first.ok) throw new Error(first.error.message);
    const cursor = { epoch: first.frame.epoch, offset: first.frame.to };
    await update('DE', 9, 1);
    const other = connect();
    const resumed = await other.subscribe({ request, cursor, version });
    expect(resumed).toMatchObject({
      ok: true,
      frame: { from: cursor.offset, views: [{ members: [{ group: ['DE'] }] }] },
    });
    expect(resumed.ok && resumed.frame.views[0]!.snapshot).toBeUndefined();
    const strange = await connect().subscribe({ request, cursor: { ...cursor, epoch: 'another' }, version });
    expect(strange).toMatchObject({ ok: true, frame: { views: [{ snapshot: true }] } });
  });

  it('beats once a second with the age of each view', async () => {
    const client = connect();
    await client.subscribe({ request });
    await vi.waitFor(() => expect(client.beats.length).toBeGreaterThan(1), WAIT);
    expect(client.beats.at(-1)).toMatchObject({
      views: [{ asOf: NOW, watermark: NOW }],
      status: { viewers: 1, lag: 0 },
    });
  });
});
