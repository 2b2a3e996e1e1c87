import { afterEach, expect, it, vi } from 'vitest';
import { MillraceError } from '#contracts/errors.ts';
import type { Log } from '#platform/log/log.ts';
import type { Store } from '#platform/store/store.ts';
import { follow, plain } from '../testing/follow-view.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;
const request = { metric: 'orders', range: '1m' };
const WAIT = { timeout: 20_000, interval: 20 };

let gateway: TestGateway;
afterEach(() => gateway.close());

const define = () => gateway.define('orders', { event: 'order', aggregate: 'count', window: '10s' });

it('joins again when the updates are lost, and asks clients to retry', async () => {
  let lose = (_: Error): void => {};
  const wrapLog = (log: Log): Log => ({
    ...log,
    tail: (topic, partition, from, handler, failed) => {
      if (topic === 'updates') lose = failed;
      return log.tail(topic, partition, from, handler, failed);
    },
  });
  gateway = await startGateway({}, { wrapLog });
  const { version } = await define();
  await gateway.facts(NOW);
  const client = follow(gateway.connect());
  const first = await client.subscribe({ request });
  lose(new MillraceError({ code: 'position_out_of_bounds', message: 'The log has moved on.' }));
  await vi.waitFor(() => expect(client.notices).toHaveLength(1), WAIT);
  const view = first.ok && first.info.view;
  expect(client.notices[0]).toMatchObject({ code: 'log_unavailable', retry: true, view });
  await vi.waitFor(async () => expect(await client.subscribe({ request })).toMatchObject({ ok: true }), WAIT);
  await gateway.facts(NOW);
  await gateway.cells('orders', version, [{ pane: NOW, group: [], count: 4, next: 1 }]);
  await vi.waitFor(() => expect(plain([...client.contents.values()][0])).toEqual({ '': { [NOW]: 4 } }), WAIT);
});

it('goes on when the Store fails for a moment, and refuses with a retry when it stays away', async () => {
  let failures = 2;
  gateway = await startGateway(
    {},
    {
      wrapStore: (store) => ({
        ...store,
        readPanes: async (range) => {
          if (failures-- > 0) throw new MillraceError({ code: 'store_unavailable', message: 'away' });
          return store.readPanes(range);
        },
      }),
    },
  );
  await define();
  await gateway.facts(NOW);
  const client = follow(gateway.connect());
  expect(await client.subscribe({ request })).toMatchObject({ ok: true });
  failures = Number.POSITIVE_INFINITY;
  const refused = await client.subscribe({ request: { ...request, range: '10m' } });
  expect(refused).toMatchObject({ ok: false, error: { code: 'store_unavailable', retry: true } });
});

it.each(['websocket', 'polling'] as const)(
  'a view that waits for the Store stands still, and the others of its board go on, over %s',
  async (transport) => {
    let gate = Promise.resolve();
    const wrapStore = (store: Store): Store => ({
      ...store,
      readPanes: (range) => gate.then(() => store.readPanes(range)),
    });
    gateway = await startGateway({}, { wrapStore });
    const orders = await define();
    const clicks = await gateway.define('clicks', { event: 'click', aggregate: 'count', window: '10s' });
    await gateway.facts(NOW);
    const client = follow(gateway.connect({ transports: [transport] }));
    const ids = [];
    for (const metric of ['orders', 'clicks']) {
      const reply = await client.subscribe({ request: { ...request, metric } });
      ids.push(reply.ok ? reply.info.view : '');
    }
    const [waiting, moving] = ids.map((id) => client.contents.get(id)!);
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    // Its history has just been filled in, and is read.
    const filled = { metric: 'orders', version: orders.version, part: '~0', activation: 0 };
    await gateway.append({ kind: 'backfilled', ...filled });
    for (let count = 1; count <= 3; count++) {
      const cell = { pane: NOW, group: [], count, next: count };
      await gateway.cells('orders', orders.version, [cell]);
      await gateway.cells('clicks', clicks.version, [cell]);
      await gateway.facts(NOW + 1_000 * count);
      await vi.waitFor(() => expect(plain(moving)).toEqual({ '': { [NOW]: count } }), WAIT);
    }
    expect(plain(waiting)).toEqual({ '': {} });
    await vi.waitFor(() => expect(moving!.asOf).toBe(NOW + 3_000), WAIT);
    expect(waiting!.asOf).toBe(NOW);
    resolve();
    await vi.waitFor(() => expect(plain(waiting)).toEqual({ '': { [NOW]: 3 } }), WAIT);
    await vi.waitFor(() => expect(waiting!.asOf).toBe(NOW + 3_000), WAIT);
    expect(client.outcomes).not.toContain('behind');
    expect(client.notices).toEqual([]);
  },
);

it('skips an update that cannot be decoded, counts it, and goes on', async () => {
  gateway = await startGateway();
  const { version } = await define();
  await gateway.facts(NOW);
  const client = follow(gateway.connect());
  await client.subscribe({ request });
  await gateway.log.append('updates', 0, [{ key: null, value: Buffer.from('{"kind":'), headers: {} }]);
  await gateway.log.append('system', 0, [{ key: null, value: Buffer.from('garbage'), headers: {} }]);
  await gateway.cells('orders', version, [{ pane: NOW, group: [], count: 4, next: 1 }]);
  await vi.waitFor(() => expect(plain([...client.contents.values()][0])).toEqual({ '': { [NOW]: 4 } }), WAIT);
  expect(await gateway.metrics.read('millrace_gateway_updates_skipped_total')).toBe(1);
});
