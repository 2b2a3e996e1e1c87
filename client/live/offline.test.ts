import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { EventStorage, Page } from '../host/page.ts';
import { createClient } from '../index.ts';
import { type EventsServer, type SentEvent, startEventsServer } from '../testing/events-server.ts';
import { createMemoryStorage } from '../testing/fake-storage.ts';
import { createTimers } from '../testing/timers.ts';
import type { Client } from '../types.ts';

let server: EventsServer;
let storage: ReturnType<typeof createMemoryStorage>;
let errors: unknown[];
let beacons: string[];
let clients: Client[];
let page: { hide(): void; online(): void; listeners: number };

beforeEach(async () => {
  server = await startEventsServer();
  storage = createMemoryStorage();
  [errors, beacons, clients] = [[], [], []];
});
afterEach(async () => {
  server.away = false;
  for (const client of clients) await client.close();
  server.close();
});

/** A client in a page that the test hides and takes online. */
const open = (kept: EventStorage | null = storage, random = () => 0.01): Client => {
  const calls = { hide: new Set<() => void>(), online: new Set<() => void>() };
  const on = (name: keyof typeof calls) => (call: () => void) => {
    calls[name].add(call);
    return () => void calls[name].delete(call);
  };
  const fake: Page = {
    beacon: (url, body) => void beacons.push(`${url.pathname} ${body}`),
    onHide: on('hide'),
    onOnline: on('online'),
  };
  page = {
    hide: () => calls.hide.forEach((call) => void call()),
    online: () => calls.online.forEach((call) => void call()),
    get listeners() {
      return calls.hide.size + calls.online.size;
    },
  };
  const environment = { ...fake, random };
  const client = createClient({
    url: server.url,
    storage: kept,
    onError: (e) => errors.push(e),
    environment,
  });
  clients.push(client);
  return client;
};
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 5 });
const kept = (): SentEvent[] =>
  [...storage.items.values()].flatMap((text) =>
    text.split('\n').map((line) => JSON.parse(line) as SentEvent),
  );
const names = (events: readonly SentEvent[]) => events.map((e) => e.event).join();

it('keeps what cannot be sent; the next page sends it with the same ids, and the entry is removed', async () => {
  server.away = true;
  const first = open();
  void first.track('a', { n: 1 });
  void first.track('b');
  await until(() => expect(names(kept())).toBe('a,b'));
  const before = kept();
  server.away = false;
  open(storage, () => 0.9);
  await until(() => expect(server.requests.flat()).toHaveLength(2));
  expect(server.requests[0]).toEqual(before);
  await until(() => expect(storage.items.size).toBe(0));
  expect(errors).toEqual([]);
});

it('keeps what is tracked while the server is away, soon after', async () => {
  server.away = true;
  const client = open(storage, () => 0.5);
  void client.track('a');
  await until(() => expect(names(kept())).toBe('a'));
  void client.track('b');
  await until(() => expect(names(kept())).toBe('a,b'));
});

it('keeps nothing while the server answers', async () => {
  const set = vi.spyOn(storage, 'setItem');
  const client = open();
  for (const name of ['a', 'b', 'c']) await client.track(name);
  expect(set).not.toHaveBeenCalled();
});

it('tries at once when the network is there again', async () => {
  server.away = true;
  // Waits as long as the bound allows: 500 ms, 1 s, 2 s and so on.
  const client = open(storage, () => 1);
  const sent = client.track('a');
  await until(() => expect(server.refused).toBe(3));
  server.away = false;
  page.online();
  await sent;
  expect(server.requests).toHaveLength(1);
  expect(client.waiting).toBe(0);
});

it('sends what waits by beacons when the page is hidden, once, and keeps it until it is answered', async () => {
  const client = open();
  const big = 'x'.repeat(25_000);
  const sent = ['a', 'b', 'c', 'd', 'e'].map((name) => client.track(name, { big }));
  page.hide();
  page.hide();
  expect(beacons).toHaveLength(3);
  expect(beacons.every((b) => b.startsWith('/v1/events [') && b.length < 60_100)).toBe(true);
  const bodies = beacons.map((b) => JSON.parse(b.slice('/v1/events '.length)) as SentEvent[]);
  expect(bodies.flat()).toEqual(kept());
  expect(names(kept())).toBe('a,b,c,d,e');
  await Promise.all(sent);
  expect(server.requests.flat()).toEqual(bodies.flat());
  expect(storage.items.size).toBe(0);
});

it('says so when it drops, the oldest first', async () => {
  server.away = true;
  const client = open();
  const text = 'x'.repeat(9_000);
  const tracked = Array.from({ length: 150 }, (_, i) => client.track(`e${i}`, { text }));
  const outcomes: string[] = [];
  tracked.forEach((outcome, i) => void outcome.catch((error) => (outcomes[i] = error.code)));
  await until(() => expect(kept().length).toBe(client.waiting));
  expect(client.dropped).toBeGreaterThan(30);
  expect(client.dropped + client.waiting).toBe(150);
  expect(kept()[0]!.event).toBe(`e${client.dropped}`);
  expect(outcomes).toEqual(Array.from({ length: client.dropped }, () => 'overloaded'));
  expect(errors).toHaveLength(client.dropped);
});

it('waits in memory where storage is refused, and says so', async () => {
  server.away = true;
  storage.refuse = true;
  const client = open();
  const sent = client.track('a');
  await until(() =>
    expect(errors.map(String)).toEqual(['Error: The storage cannot be used; events wait in memory only.']),
  );
  server.away = false;
  await sent;
});

it('leaves what close could not send for the next client, and listens to the page no more', async () => {
  server.away = true;
  const { after } = createTimers(200);
  const client = createClient({
    url: server.url,
    storage,
    onError: (e) => errors.push(e),
    environment: { random: () => 0.5, after },
  });
  const lost = client.track('a');
  await client.close();
  await expect(lost).rejects.toMatchObject({ code: 'shutting_down' });
  expect(names(kept())).toBe('a');
  server.away = false;
  const next = open();
  await until(() => expect(server.requests.flat()).toHaveLength(1));
  expect(page.listeners).toBe(2);
  await next.close();
  expect(page.listeners).toBe(0);
  expect(storage.items.size).toBe(0);
});

it('keeps what is still on its way at close, however that ends', async () => {
  let fail = (_: Error): void => {};
  const hanging = () => new Promise<Response>((_, reject) => (fail = reject));
  const timers = createTimers(100);
  const environment = { fetch: vi.fn(hanging), after: timers.after };
  const client = createClient({ url: server.url, storage, onError: () => {}, environment });
  client.track('a').catch(() => {});
  await until(() => expect(environment.fetch).toHaveBeenCalled());
  await client.close();
  expect(names(kept())).toBe('a');
  fail(new Error('The network is gone.'));
  // All timers that were due have run.
  await until(() => expect(timers.due).toBe(0));
  expect(names(kept())).toBe('a');
});
