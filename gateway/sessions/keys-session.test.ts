import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuthReply } from '#contracts/view/protocol.ts';
import type { Log } from '#platform/log/log.ts';
import { enter, TRANSPORTS } from '../testing/enter.ts';
import { type Followed, follow, plain } from '../testing/follow-view.ts';
import { openMemoryLog, startGateway, type TestGateway } from '../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;
const COUNT = { event: 'order', aggregate: 'count', groupBy: ['country'], window: '10s' };
const WAIT = { timeout: 10_000, interval: 10 };
const request = { metric: 'orders', range: '1m' };

let gateway: TestGateway;
let now: number;
let version: number;
let next: number;

const open = (log?: Log): Promise<TestGateway> =>
  startGateway({}, { keysNeeded: true, clock: () => now, ...(log === undefined ? {} : { log }) });

beforeEach(async () => {
  [now, next] = [Date.now(), 0];
  gateway = await open();
  ({ version } = await gateway.define('orders', COUNT));
  await gateway.define('visits', COUNT);
  await gateway.facts(NOW);
  await vi.waitFor(() => expect(gateway.gateway.ready()).toBeNull(), WAIT);
});
afterEach(() => gateway.close());

describe.each(TRANSPORTS)('a client with a key over %s', (transport) => {
  const come = async (key: string, to = gateway) => {
    const { socket, refusal } = await enter(to, { transport, auth: { key } });
    expect(refusal).toBeNull();
    const gone = vi.fn();
    socket.on('disconnect', gone);
    const auth = (message: unknown): Promise<AuthReply> =>
      socket.timeout(10_000).emitWithAck('auth', message);
    return { socket, gone, auth, ...follow(socket) };
  };
  const change = async (): Promise<void> => {
    next++;
    await gateway.cells('orders', version, [{ pane: NOW, group: ['DE'], count: next, next }]);
  };
  const shows = (client: Pick<Followed, 'contents'>): Promise<void> =>
    vi.waitFor(() => {
      const [contents] = client.contents.values();
      expect(plain(contents)).toEqual({ DE: { [NOW]: next } });
    }, WAIT);

  it('sees the metrics of its key, and does not learn which others exist', async () => {
    const { key } = await gateway.makeKey({ metrics: ['orders'] });
    const client = await come(key);
    expect(await client.subscribe({ request })).toMatchObject({ ok: true });
    for (const metric of ['visits', 'nothing', 7]) {
      const error = { code: 'forbidden_metric', field: 'metric', retry: false };
      expect(await client.subscribe({ request: { metric } })).toMatchObject({ ok: false, error });
    }
    client.socket.emit('tail', { on: true });
    const notice = expect.objectContaining({ code: 'forbidden_metric', retry: false });
    await vi.waitFor(() => expect(client.notices).toEqual([notice]), WAIT);
  });

  it('is notified that its key was revoked, and disconnected', async () => {
    const { key, id } = await gateway.makeKey({});
    const [client, other] = [await come(key), await come((await gateway.makeKey({})).key)];
    await client.subscribe({ request });
    await gateway.revoke(id);
    await vi.waitFor(() => expect(client.gone).toHaveBeenCalled(), WAIT);
    expect(client.notices).toEqual([{ code: 'revoked_key', message: expect.any(String), retry: false }]);
    expect((await enter(gateway, { transport, auth: { key } })).refusal).toMatchObject({
      code: 'invalid_key',
    });
    expect(await other.subscribe({ request })).toMatchObject({ ok: true });
    expect(other.notices).toEqual([]);
    await vi.waitFor(() => expect(gateway.gateway.totals().gauges.viewers).toBe(1), WAIT);
  });

  it('is notified that its key has expired, and disconnected', async () => {
    const { key } = await gateway.makeKey({ expires: new Date(now + 60_000).toISOString() });
    const client = await come(key);
    await vi.waitFor(() => expect(client.beats.length).toBeGreaterThan(0), WAIT);
    expect(client.notices).toEqual([]);
    now += 60_000;
    await vi.waitFor(() => expect(client.gone).toHaveBeenCalled(), WAIT);
    expect(client.notices).toEqual([expect.objectContaining({ code: 'expired_key', retry: false })]);
    expect((await enter(gateway, { transport, auth: { key } })).refusal).toMatchObject({
      code: 'expired_key',
    });
  });

  it('goes on with another key without a missed frame, and outlives the first', async () => {
    const first = await gateway.makeKey({ expires: new Date(now + 60_000).toISOString() });
    const expires = now + 3_600_000;
    const second = await gateway.makeKey({ expires: new Date(expires).toISOString(), metrics: ['orders'] });
    const client = await come(first.key);
    await client.subscribe({ request });
    await change();
    expect(await client.auth({ key: second.key })).toEqual({ ok: true, expires });
    await change();
    now += 120_000;
    const beats = client.beats.length;
    await vi.waitFor(() => expect(client.beats.length).toBeGreaterThan(beats + 1), WAIT);
    await change();
    await shows(client);
    expect(client.outcomes).not.toContain('behind');
    expect(client.gone).not.toHaveBeenCalled();
    expect(client.notices).toEqual([]);
    await gateway.revoke(second.id);
    await vi.waitFor(() => expect(client.gone).toHaveBeenCalled(), WAIT);
  });

  it('goes on with its old key where the new one is refused', async () => {
    const { key } = await gateway.makeKey({});
    const writer = await gateway.makeKey({ scope: 'write' });
    const client = await come(key);
    await client.subscribe({ request });
    for (const [message, code] of [
      [{ key: writer.key }, 'forbidden_scope'],
      [{ key: `${key.slice(0, -1)}?` }, 'invalid_key'],
      [{ key: 7 }, 'invalid_message'],
      [key, 'invalid_message'],
      [null, 'invalid_message'],
    ]) {
      const answer = await client.auth(message);
      expect(answer).toMatchObject({ ok: false, error: { code, retry: false } });
      expect(JSON.stringify(answer)).not.toContain(key.slice(0, -1));
    }
    client.socket.emit('auth', { key: 7 });
    await vi.waitFor(() => expect(client.notices).toMatchObject([{ code: 'invalid_message' }]), WAIT);
    await change();
    await shows(client);
  });

  it('loses the views and the tail that another key does not allow', async () => {
    const client = await come((await gateway.makeKey({})).key);
    await client.subscribe({ request });
    const lost = await client.subscribe({ request: { metric: 'visits' } });
    if (!lost.ok) throw new Error(lost.error.message);
    client.socket.emit('tail', { on: true });
    const { key } = await gateway.makeKey({ metrics: ['orders'] });
    expect(await client.auth({ key })).toEqual({ ok: true, expires: null });
    await vi.waitFor(() => expect(client.notices).toHaveLength(2), WAIT);
    const code = 'forbidden_metric';
    expect(client.notices.find(({ view }) => view !== undefined)).toMatchObject({
      code,
      view: lost.info.view,
      retry: false,
    });
    expect(client.notices.find(({ view }) => view === undefined)).toMatchObject({ code, retry: false });
    await change();
    await shows(client);
  });
});

describe('two gateways on one log', () => {
  let log: Log;
  let gateways: TestGateway[];
  beforeEach(async () => {
    log = await openMemoryLog();
    gateways = [await open(log), await open(log)];
  });
  afterEach(async () => {
    for (const one of gateways) await one.close();
    await log.close();
  });

  it.each(TRANSPORTS)('a key revoked at one is closed at the other, over %s', async (transport) => {
    const [here, there] = gateways as [TestGateway, TestGateway];
    const { key, id } = await here.makeKey({});
    await there.catalog.caughtUp();
    const { socket, refusal } = await enter(there, { transport, auth: { key } });
    expect(refusal).toBeNull();
    const client = follow(socket);
    const gone = vi.fn();
    socket.on('disconnect', gone);
    await here.revoke(id);
    await vi.waitFor(() => expect(gone).toHaveBeenCalled(), WAIT);
    expect(client.notices).toMatchObject([{ code: 'revoked_key', retry: false }]);
  });
});
