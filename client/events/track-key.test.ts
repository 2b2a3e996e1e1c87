import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Environment } from '../host/environment.ts';
import type { GivenKey } from '../host/key-source.ts';
import { createClient } from '../index.ts';
import { createMemoryStorage } from '../testing/fake-storage.ts';
import { type KeyServer, startKeyServer } from '../testing/key-server.ts';
import { createTimers } from '../testing/timers.ts';
import type { Client } from '../types.ts';

let server: KeyServer;
let client: Client;
let storage: ReturnType<typeof createMemoryStorage>;
let errors: unknown[];
let beacons: { body: string; headers: Record<string, string> | undefined }[];
let hide: () => void;

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 5 });
const kept = () => [...storage.items.values()].join('\n');
const open = (key: GivenKey, replaced: Partial<Environment> = {}): Client => {
  const environment = {
    ...replaced,
    random: () => 0.01,
    beacon: (_: URL, body: string, headers?: Record<string, string>) => void beacons.push({ body, headers }),
    onHide(call: () => void) {
      hide = call;
      return () => {};
    },
  };
  client = createClient({ url: server.url, key, storage, onError: (e) => errors.push(e), environment });
  return client;
};

beforeEach(async () => {
  server = await startKeyServer('good');
  storage = createMemoryStorage();
  [errors, beacons] = [[], []];
});
afterEach(async () => {
  await client.close();
  server.close();
});

it('shows its key as a header, and nowhere else', async () => {
  await open('good').track('a');
  expect(server.shown).toEqual(['Bearer good']);
  expect(JSON.stringify(server.events)).not.toContain('good');
});

it('shows none where there is none', async () => {
  server.good.add('');
  await open(null).track('a');
  expect(server.shown).toEqual([undefined]);
});

it.each(['missing_key', 'expired_key', 'forbidden_scope', 'forbidden_origin'] as const)(
  'keeps events that the key does not let in (%s), and sends them with the next key',
  async (code) => {
    server.refusal = code;
    const timers = createTimers(Number.POSITIVE_INFINITY);
    open('bad', { after: timers.after });
    const sent = [client.track('a'), client.track('b')];
    await until(() => expect(errors).toMatchObject([{ code }]));
    expect(kept()).toContain('"a"');
    // Until there is another key nothing is sent, and events go on waiting.
    sent.push(client.track('c'));
    await until(() => expect(timers.due).toBe(0));
    // This request is the second one: the client has sent no other.
    await fetch(server.url, { method: 'POST', body: '[]' });
    expect([server.shown.length, client.waiting]).toEqual([2, 3]);
    client.setKey('good');
    await Promise.all(sent);
    expect(server.events.map((e) => e.event)).toEqual(['a', 'b', 'c']);
    expect([client.waiting, storage.items.size, errors.length]).toEqual([0, 0, 1]);
  },
);

it('does not wait for another key where the host is the wrong one', async () => {
  server.refusal = 'forbidden_host';
  await expect(open('bad').track('a')).rejects.toMatchObject({ code: 'forbidden_host' });
});

it('reports a refused key without showing it', async () => {
  open('bad-and-secret');
  void client.track('a');
  await until(() => expect(errors).toHaveLength(1));
  expect(String(errors[0]) + JSON.stringify(errors[0])).not.toContain('secret');
});

it('treats a key that no header can hold as wrong, not the server as unreachable', async () => {
  open('schlüssel mit\nLücken');
  const sent = client.track('a');
  await until(() => expect(errors).toMatchObject([{ code: 'invalid_key' }]));
  expect(server.shown).toEqual([]);
  client.setKey('good');
  await sent;
});

it('asks a function before each request, and once more when its key is refused', async () => {
  const given = ['good', 'old', 'good'];
  const give = vi.fn(async () => given.shift() ?? 'good');
  open(give);
  await client.track('a');
  expect(give).toHaveBeenCalledTimes(1);
  await client.track('b');
  expect(server.shown.slice(0, 2)).toEqual(['Bearer good', 'Bearer old']);
  expect(server.events.map((e) => e.event)).toEqual(['a', 'b']);
  expect(errors).toEqual([]);
});

it('tries again where the function fails, and reports it', async () => {
  const fault = new Error('The session is over.');
  const give = vi.fn<() => string>(() => 'good');
  give.mockImplementationOnce(() => {
    throw fault;
  });
  await open(give).track('a');
  expect(errors).toEqual([fault]);
  expect(server.shown).toEqual(['Bearer good']);
});

it('tries the key that was set while the one before was refused', async () => {
  open('bad');
  server.asked = () => {
    server.asked = () => {};
    client.setKey('good');
  };
  await client.track('a');
  expect(errors).toEqual([]);
  expect(server.shown.at(-1)).toBe('Bearer good');
});

it('sends what waits with its key when the page is hidden, each body within what browsers let out', async () => {
  open('good');
  const sent = ['a', 'b', 'c'].map((name) => client.track(name, { big: 'x'.repeat(25_000) }));
  hide();
  expect(beacons.map(({ headers }) => headers)).toEqual([
    { authorization: 'Bearer good' },
    { authorization: 'Bearer good' },
  ]);
  for (const { body } of beacons) expect(Buffer.byteLength(body)).toBeLessThan(64_000);
  expect(beacons.flatMap(({ body }) => JSON.parse(body).map((e: { event: string }) => e.event))).toEqual([
    'a',
    'b',
    'c',
  ]);
  await Promise.all(sent);
});

it('sends nothing from a hidden page with a key that was refused', async () => {
  open('bad');
  void client.track('a').catch(() => {});
  await until(() => expect(errors).toHaveLength(1));
  hide();
  expect(beacons).toEqual([]);
  expect(kept()).toContain('"a"');
});

it('does not go on trying a refused key when it is closed', async () => {
  open('bad');
  const sent = client.track('a').catch((error) => error.code);
  await until(() => expect(errors).toHaveLength(1));
  await client.close();
  expect(await sent).toBe('shutting_down');
  expect(kept()).toContain('"a"');
});
