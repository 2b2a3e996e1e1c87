import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unbounded } from '#platform/access/caller.ts';
import { Session, type SessionDeps } from '../sessions/session.ts';
import { createSubscriber } from '../sessions/subscriber.ts';
import { follow } from '../testing/follow-view.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';
import type { SocketLink } from './socket-server.ts';

const NOW = 1_700_000_000_000;
const MESSAGES = 60;
const WAIT = { timeout: 20_000, interval: 10 };
const subscription = { request: { metric: 'orders', range: '1m' } };

let gateway: TestGateway;
let next = 0;
beforeEach(async () => {
  gateway = await startGateway({ messages: MESSAGES });
  await gateway.define('orders', { event: 'order', aggregate: 'count', groupBy: ['country'], window: '10s' });
  await gateway.facts(NOW);
});
afterEach(() => gateway.close());

/** Expects that another client gets a change of the view, and got no notice. */
async function othersGoOn(other: ReturnType<typeof follow>): Promise<void> {
  const before = other.frames.length;
  const { version } = await (await fetch(`${gateway.url}/v1/metrics/orders/series`)).json();
  next++;
  await gateway.cells('orders', version, [{ pane: NOW - 10_000, group: ['DE'], count: next, next }]);
  await vi.waitFor(() => expect(other.frames.length).toBeGreaterThan(before), WAIT);
  expect(other.notices).toEqual([]);
}

describe.each(['websocket', 'polling'] as const)('a flood of messages over %s', (transport) => {
  it('is refused with a code, then disconnected, and does not disturb other clients', async () => {
    const other = follow(gateway.connect());
    expect(await other.subscribe(subscription)).toMatchObject({ ok: true });
    const flooder = gateway.connect({ transports: [transport] });
    await vi.waitFor(() => expect(flooder.connected).toBe(true), WAIT);
    const answers: { ok: boolean; error?: object }[] = [];
    const send = (count: number): void => {
      for (let i = 0; i < count; i++)
        flooder.emit('subscribe', { request: 7 }, (a: never) => answers.push(a));
    };
    // More than the limit of two seconds, in case the burst falls into both: a part is refused, and the connection stays.
    send(3 * MESSAGES);
    const codes = () => answers.map(({ error }) => (error as { code: string } | undefined)?.code);
    await vi.waitFor(() => expect(codes()).toContain('too_many_messages'), WAIT);
    await vi.waitFor(() => expect(answers).toHaveLength(3 * MESSAGES), WAIT);
    expect(codes().filter((code) => code === 'invalid_message').length).toBeGreaterThanOrEqual(MESSAGES);
    expect(answers.at(-1)).toMatchObject({ ok: false, error: { code: 'too_many_messages', retry: true } });
    expect(flooder.connected).toBe(true);
    await othersGoOn(other);

    const gone = vi.fn();
    flooder.on('disconnect', gone);
    await vi.waitFor(() => {
      send(20 * MESSAGES);
      expect(gone).toHaveBeenCalled();
    }, WAIT);
    await othersGoOn(other);
  });
});

it('a client that asks within the limit and never reads is closed before its answers pile up', () => {
  let unread = 0;
  let now = 0;
  let blocked = false;
  const closed = vi.fn();
  const link: SocketLink = {
    id: 'x',
    origin: undefined,
    address: '127.0.0.1',
    drained: async () => !blocked,
    writable: () => !blocked,
    write: () => true,
    notify: () => void unread++,
    close: closed,
  };
  const deps = { messages: MESSAGES, views: 10, clock: () => (now += 1_000) };
  const session = new Session(
    createSubscriber(link),
    link,
    unbounded('anyone'),
    deps as unknown as SessionDeps,
  );
  const ask = (times: number): void => {
    for (let i = 0; i < times; i++) session.message('subscribe', 7, i % 2 === 0 ? () => void unread++ : null);
  };
  ask(20 * MESSAGES);
  expect(closed).not.toHaveBeenCalled();
  blocked = true;
  unread = 0;
  ask(10 * MESSAGES);
  expect(closed).not.toHaveBeenCalled();
  ask(MESSAGES);
  expect(closed).toHaveBeenCalled();
  expect(unread).toBe(10 * MESSAGES);
});
