import { get } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { follow } from '../testing/follow-view.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;
const ORDERS = { event: 'order', aggregate: 'count', groupBy: ['country'], window: '10s' };
const request = { metric: 'orders' };
const WAIT = { timeout: 10_000, interval: 10 };

let gateway: TestGateway;
afterEach(() => gateway.close());

describe('what a client must not send', () => {
  beforeEach(async () => {
    gateway = await startGateway({ views: 2, messages: 60 });
    await gateway.define('orders', ORDERS);
    await gateway.facts(NOW);
  });

  it.each([
    [{ request: { metric: 'nothing' } }, { code: 'unknown_metric', retry: false }],
    [{ request: { metric: 'orders', window: '1500ms' } }, { code: 'invalid_view', field: 'window' }],
    [{ request: { metric: 'orders', range: '90d' } }, { code: 'view_too_large' }],
    [{ request: { metric: 'orders', groupBy: ['plan'] } }, { code: 'invalid_view', field: 'groupBy' }],
    [{ request: { metric: 7 } }, { code: 'invalid_view' }],
    [{ request: 'orders' }, { code: 'invalid_message' }],
    [
      { request, cursor: { offset: 'x' } },
      { code: 'invalid_message', field: 'cursor' },
    ],
    [null, { code: 'invalid_message' }],
    [[1, 2], { code: 'invalid_message' }],
  ])('refuses the subscription %j', async (message, error) => {
    const client = follow(gateway.connect());
    expect(await client.subscribe(message)).toMatchObject({ ok: false, error });
    expect(await client.subscribe({ request })).toMatchObject({ ok: true });
  });

  it('refuses a list of more values than the limit', async () => {
    const country = Array.from({ length: 257 }, (_, i) => i);
    const refused = await follow(gateway.connect()).subscribe({
      request: { ...request, where: { country } },
    });
    const error = { code: 'invalid_filter', field: 'where.country', retry: false };
    expect(refused).toMatchObject({ ok: false, error });
  });

  it('reports other invalid messages by notice, and goes on', async () => {
    const socket = gateway.connect();
    const client = follow(socket);
    socket.emit('ack', { to: 'far' });
    socket.emit('unsubscribe');
    socket.emit('tail', { on: 1 });
    socket.emit('sing', Buffer.from('la'));
    socket.emit('subscribe', { request: { metric: 'nothing' } });
    await vi.waitFor(() => expect(client.notices.map((n) => n.code)).toHaveLength(5), WAIT);
    expect(client.notices.map((n) => n.code).sort()).toEqual([
      ...Array(4).fill('invalid_message'),
      'unknown_metric',
    ]);
    expect(await client.subscribe({ request })).toMatchObject({ ok: true });
  });

  it('refuses more views than the limit', async () => {
    const client = follow(gateway.connect());
    for (const window of ['10s', '20s']) {
      expect(await client.subscribe({ request: { ...request, window } })).toMatchObject({ ok: true });
    }
    const refused = await client.subscribe({ request: { ...request, window: '30s' } });
    expect(refused).toMatchObject({ ok: false, error: { code: 'too_many_views' } });
  });

  it('refuses more messages a second than the limit, and closes a connection that goes on', async () => {
    const socket = gateway.connect();
    const client = follow(socket);
    for (let i = 0; i < 700; i++) socket.emit('ack', { to: i });
    await vi.waitFor(
      () =>
        expect(client.notices).toContainEqual(
          expect.objectContaining({ code: 'too_many_messages', retry: true }),
        ),
      WAIT,
    );
  });

  it('closes a connection whose message is larger than the limit, and stays up', async () => {
    const socket = gateway.connect();
    const gone = vi.fn();
    socket.on('disconnect', gone);
    socket.emit('subscribe', { request: { metric: 'x'.repeat(30_000) } });
    await vi.waitFor(() => expect(gone).toHaveBeenCalled(), WAIT);
    expect(await follow(gateway.connect()).subscribe({ request })).toMatchObject({ ok: true });
  });
});

describe('a client that must not connect', () => {
  const refusal = (headers: Record<string, string>, transport = 'websocket') =>
    new Promise<string>((resolve) => {
      const socket = gateway.connect({ extraHeaders: headers, transports: [transport as 'websocket'] });
      socket.on('connect', () => resolve('connected'));
      socket.on('connect_error', () => resolve('refused'));
    });

  it.each(['websocket', 'polling'])('checks Host and Origin over %s', async (transport) => {
    gateway = await startGateway();
    expect(await refusal({ origin: 'http://elsewhere.example' }, transport)).toBe('refused');
    // A polling client cannot set Host: its request is made by hand below.
    if (transport === 'websocket') {
      expect(await refusal({ host: 'elsewhere.example' }, transport)).toBe('refused');
    }
    expect(await refusal({ origin: gateway.url }, transport)).toBe('connected');
  });

  it('checks Host of polling requests', async () => {
    gateway = await startGateway();
    const status = await new Promise((resolve) => {
      const path = `${gateway.url}/socket.io/?EIO=4&transport=polling`;
      get(path, { headers: { host: 'elsewhere.example' } }, (answer) => resolve(answer.resume().statusCode));
    });
    expect(status).toBe(403);
  });

  it('keeps to the connections of one address', async () => {
    gateway = await startGateway({ connectionsPerAddress: 2 });
    expect([await refusal({}), await refusal({}), await refusal({})]).toEqual([
      'connected',
      'connected',
      'refused',
    ]);
  });

  it('says why in the answer to a polling handshake', async () => {
    gateway = await startGateway();
    const answer = await fetch(`${gateway.url}/socket.io/?EIO=4&transport=polling`, {
      headers: { origin: 'http://elsewhere.example' },
    });
    expect([answer.status, await answer.json()]).toEqual([
      403,
      expect.objectContaining({ code: 'forbidden_origin' }),
    ]);
  });

  it('refuses views until the updates are followed', async () => {
    let fail = true;
    const failing = async () => {
      if (fail)
        throw new (await import('#contracts/errors.ts')).MillraceError({
          code: 'store_unavailable',
          message: 'away',
        });
      return [];
    };
    gateway = await startGateway({}, { wrapStore: (store) => ({ ...store, readCommits: failing }) });
    await gateway.define('orders', ORDERS);
    const client = follow(gateway.connect());
    expect(await client.subscribe({ request })).toMatchObject({
      ok: false,
      error: { code: 'not_ready', retry: true },
    });
    expect(gateway.gateway.ready()).toMatch(/join/);
    fail = false;
    await vi.waitFor(
      async () => expect(await client.subscribe({ request })).toMatchObject({ ok: true }),
      WAIT,
    );
  });
});
