import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClient } from '../index.ts';
import { VIEW } from '../testing/count-view.ts';
import { type FakeGateway, startFakeGateway } from '../testing/fake-gateway.ts';
import { createRecorder } from '../testing/recorder.ts';
import type { Client, ConnectionStatus, Heartbeat } from '../types.ts';

let gateway: FakeGateway;
let client: Client;
const errors: unknown[] = [];

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
const connect = (environment = {}) => {
  client = createClient({ url: gateway.url, onError: (e) => errors.push(e), environment });
  return client;
};
const beat = (time: number, extra: Partial<Heartbeat> = {}): Heartbeat => ({
  time,
  offset: 100,
  views: [],
  status: {
    ingestRate: null,
    rejectedRate: null,
    lag: null,
    watermark: null,
    lateShare: null,
    viewers: 1,
    events: null,
  },
  ...extra,
});

beforeEach(async () => {
  errors.length = 0;
  gateway = await startFakeGateway();
});
afterEach(async () => {
  await client.close();
  await gateway.close();
});

it('connects only when something needs the connection', async () => {
  connect();
  // Another client that needs one, and was made later, has its own.
  const other = createClient({ url: gateway.url });
  other.onHeartbeat(() => {});
  await until(() => expect(other.connection.state).toBe('live'));
  expect(gateway.sockets.size).toBe(1);
  await other.close();
  client.onHeartbeat(() => {});
  await until(() => expect(client.connection.state).toBe('live'));
});

it('treats a first connect without a server like a reconnect: tries until it is live', async () => {
  const { url, port } = gateway;
  await gateway.close();
  const links: ConnectionStatus[] = [];
  client = createClient({ url, environment: { random: () => 0.2 } });
  client.onConnectionChange((link) => links.push(link));
  const view = createRecorder();
  client.subscribe({ metric: 'counts' }, view);
  await until(() => expect(client.connection.attempt).toBeGreaterThan(1));
  expect(links.every((link) => link.state === 'connecting')).toBe(true);
  expect(links.some((link) => link.nextTryAt !== null)).toBe(true);
  gateway = await startFakeGateway(port);
  gateway.set(0, 3);
  await until(() => expect(view.counts()).toEqual({ 0: 3 }));
  expect(client.connection).toMatchObject({ state: 'live', attempt: 0, nextTryAt: null });
});

it('takes a silent connection for dead and resumes on another', async () => {
  gateway.set(0, 1);
  // The local clock runs five times as fast as the timers do.
  const began = Date.now();
  const clock = () => began + (Date.now() - began) * 5;
  const view = createRecorder();
  connect({ clock }).subscribe({ metric: 'counts' }, view);
  await until(() => expect(view.changes).toHaveLength(1));
  gateway.set(10_000, 2, false);
  await until(() => expect(view.counts()).toEqual({ 0: 1, 10000: 2 }));
  expect(gateway.asked[1]?.cursor).toEqual({ epoch: 'log-1', offset: 101, end: 900_000 });
});

it('acknowledges what it applied', async () => {
  const view = createRecorder();
  connect().subscribe({ metric: 'counts' }, view);
  await until(() => expect(view.changes).toHaveLength(1));
  for (let i = 1; i <= 9; i++) gateway.set(0, i);
  await until(() => expect(gateway.acks.at(-1)).toBe(109));
});

it('applies the freshness of a heartbeat before reporting it, and corrects its clock', async () => {
  const view = createRecorder();
  const seen: (number | null | undefined)[] = [];
  connect().subscribe({ metric: 'counts' }, view);
  client.onHeartbeat(() => seen.push(view.contents?.asOf));
  await until(() => expect(view.changes).toHaveLength(1));
  await until(() => expect(client.connection.roundTrip).not.toBeNull());
  const ahead = 3_600_000;
  gateway.sendRaw(
    'beat',
    beat(Date.now() + ahead, { views: [{ view: VIEW, asOf: 90_000, watermark: 80_000 }] }),
  );
  await until(() => expect(seen).toEqual([90_000]));
  expect(view.contents?.watermark).toBe(80_000);
  expect(Math.abs(client.now() - Date.now() - ahead)).toBeLessThan(60_000);
  gateway.sendRaw('beat', beat(Date.now(), { views: [{ view: VIEW, asOf: 1, watermark: null }] }));
  await until(() => expect(seen).toEqual([90_000, 90_000]));
  const beyondCursor = { offset: 1_000_000, views: [{ view: VIEW, asOf: 95_000, watermark: 95_000 }] };
  gateway.sendRaw('beat', beat(Date.now(), beyondCursor));
  await until(() => expect(seen).toEqual([90_000, 90_000, 90_000]));
});

it('leaves when a draining gateway asks it to, and resumes', async () => {
  const view = createRecorder();
  connect().subscribe({ metric: 'counts' }, view);
  await until(() => expect(view.changes).toHaveLength(1));
  gateway.notice({ code: 'shutting_down', message: 'The gateway stops.', retry: true, after: 50 });
  await until(() => expect(gateway.asked).toHaveLength(2));
  await until(() => expect(client.connection.state).toBe('live'));
});

it('shares the tail: on with the first listener, off with the last, on again after a drop', async () => {
  const rows: unknown[] = [];
  const stopFirst = connect().tail((tail) => rows.push(...tail.rows));
  const stopSecond = client.tail(() => {});
  await until(() => expect(gateway.tails).toEqual([true]));
  gateway.sendRaw('tail', { rows: [{ time: 1, event: 'a', text: '' }], skipped: 0 });
  await until(() => expect(rows).toHaveLength(1));
  gateway.dropAll();
  await until(() => expect(gateway.tails).toEqual([true, true]));
  stopFirst();
  stopFirst();
  stopSecond();
  await until(() => expect(gateway.tails).toEqual([true, true, false]));
});

it('ends its connection for good on close', async () => {
  connect().onHeartbeat(() => {});
  await until(() => expect(gateway.sockets.size).toBe(1));
  await client.close();
  expect(client.connection.state).toBe('closed');
  await until(() => expect(gateway.sockets.size).toBe(0));
  const silent = { onChange: () => {} };
  for (const call of [
    () => client.onHeartbeat(() => {}),
    () => client.tail(() => {}),
    () => client.subscribe({ metric: 'counts' }, silent),
  ])
    expect(call).toThrow(expect.objectContaining({ code: 'shutting_down' }));
});

it('still has the deprecated names onLink, onBeat and link', async () => {
  connect();
  const states: string[] = [];
  const times: number[] = [];
  const stopLinks = client.onLink(({ state }) => states.push(state));
  const stopBeats = client.onBeat(({ time }) => times.push(time));
  await until(() => expect(states).toContain('live'));
  expect(client.link).toEqual(client.connection);
  gateway.sendRaw('beat', beat(7));
  await until(() => expect(times).toContain(7));
  stopLinks();
  stopBeats();
  const told = states.length;
  await client.close();
  expect(states).toHaveLength(told);
});
