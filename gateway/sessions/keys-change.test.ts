import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AuthReply } from '#contracts/view/protocol.ts';
import { enter, TRANSPORTS, type Transport } from '../testing/enter.ts';
import { follow } from '../testing/follow-view.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

const NOW = 1_700_000_000_000;
const WAIT = { timeout: 10_000, interval: 10 };

let gateway: TestGateway;
afterEach(() => gateway.close());

async function come(transport: Transport, key: string) {
  const { socket, refusal } = await enter(gateway, { transport, auth: { key } });
  const auth = (to: string): Promise<AuthReply> => socket.timeout(10_000).emitWithAck('auth', { key: to });
  return { socket, refusal, auth };
}

describe.each(TRANSPORTS)('another key over %s', (transport) => {
  it('takes the place of the first, and none where it has no room', async () => {
    gateway = await startGateway({ connectionsPerKey: 1 }, { keysNeeded: true });
    const [one, two] = [await gateway.makeKey({}), await gateway.makeKey({})];
    const first = await come(transport, one.key);
    expect(await first.auth(one.key)).toEqual({ ok: true, expires: null });
    expect(await first.auth(two.key)).toEqual({ ok: true, expires: null });
    expect((await come(transport, two.key)).refusal).toMatchObject({ code: 'too_many_connections' });
    const second = await come(transport, one.key);
    expect(second.refusal).toBeNull();
    const error = { code: 'too_many_connections', retry: true };
    expect(await first.auth(one.key)).toMatchObject({ ok: false, error });
    second.socket.close();
    await vi.waitFor(async () => expect(await first.auth(one.key)).toMatchObject({ ok: true }), WAIT);
    const witness = await come(transport, two.key);
    await gateway.revoke(two.id);
    // The connection with the revoked key is closed; the one that changed to another key before is still answered.
    await vi.waitFor(() => expect(witness.socket.connected).toBe(false), WAIT);
    expect(await first.auth(one.key)).toMatchObject({ ok: true });
    expect(first.socket.connected).toBe(true);
  });
});

it('holds back a view that was asked for with the key before', async () => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reads = vi.fn();
  gateway = await startGateway(
    {},
    {
      keysNeeded: true,
      wrapStore: (store) => ({
        ...store,
        readPanes: async (...args) => {
          reads();
          await held;
          return store.readPanes(...args);
        },
      }),
    },
  );
  await gateway.define('visits', { event: 'visit', aggregate: 'count', window: '10s' });
  await gateway.facts(NOW);
  await vi.waitFor(() => expect(gateway.gateway.ready()).toBeNull(), WAIT);
  const client = await come('websocket', (await gateway.makeKey({})).key);
  const reply = follow(client.socket).subscribe({ request: { metric: 'visits' } });
  await vi.waitFor(() => expect(reads).toHaveBeenCalled(), WAIT);
  const { key } = await gateway.makeKey({ metrics: ['orders'] });
  expect(await client.auth(key)).toMatchObject({ ok: true });
  release();
  expect(await reply).toMatchObject({ ok: false, error: { code: 'forbidden_metric', retry: false } });
});
