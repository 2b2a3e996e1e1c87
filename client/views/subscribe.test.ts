import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClient } from '../index.ts';
import { type FakeGateway, startFakeGateway } from '../testing/fake-gateway.ts';
import { createRecorder } from '../testing/recorder.ts';
import type { Client, ClientOptions } from '../types.ts';

let gateway: FakeGateway;
let client: Client;
let errors: unknown[];
const REQUEST = { metric: 'counts' };

const connect = (options: ClientOptions = {}) => {
  client = createClient({ url: gateway.url, onError: (error) => errors.push(error), ...options });
  return client;
};
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });

beforeEach(async () => {
  errors = [];
  gateway = await startFakeGateway();
});
afterEach(async () => {
  await client.close();
  await gateway.close();
});

for (const transport of ['websocket', 'polling'] as const) {
  it(`gives the snapshot and then every change over ${transport}`, async () => {
    gateway.set(0, 1);
    const view = createRecorder();
    connect({ transports: [transport] }).subscribe(REQUEST, view);
    await until(() => expect(view.counts()).toEqual({ 0: 1 }));
    gateway.set(0, 2);
    gateway.set(10_000, 5);
    await until(() => expect(view.counts()).toEqual({ 0: 2, 10000: 5 }));
    expect(view.changes[0]).toBeNull();
    expect(view.changes[2]?.windows).toEqual([10_000]);
    expect(view.infos).toHaveLength(1);
    expect(client.connection).toMatchObject({ state: 'live', transport, attempt: 0 });
    expect(errors).toEqual([]);
  });
}

it('resumes a dropped connection with its cursor, without loss or repeat', async () => {
  gateway.set(0, 1);
  const view = createRecorder();
  connect().subscribe(REQUEST, view);
  await until(() => expect(view.counts()).toEqual({ 0: 1 }));
  gateway.set(10_000, 2, false);
  gateway.set(20_000, 3, false);
  gateway.dropAll();
  await until(() => expect(view.counts()).toEqual({ 0: 1, 10000: 2, 20000: 3 }));
  expect(gateway.asked).toHaveLength(2);
  expect(gateway.asked[1]).toMatchObject({ cursor: { epoch: 'log-1', offset: 101 }, version: 1 });
  expect(view.changes).toEqual([null, null]);
});

it('asks again with its cursor when a frame is missing', async () => {
  const view = createRecorder();
  connect().subscribe(REQUEST, view);
  await until(() => expect(view.changes).toHaveLength(1));
  gateway.set(0, 1, false);
  gateway.set(10_000, 2);
  await until(() => expect(view.counts()).toEqual({ 0: 1, 10000: 2 }));
  expect(gateway.asked[1]?.cursor).toEqual({ epoch: 'log-1', offset: 100, end: 900_000 });
});

it('shares one view among equal requests, and ends it with the last', async () => {
  gateway.set(0, 1);
  const [a, b] = [createRecorder(), createRecorder()];
  connect();
  const first = client.subscribe({ metric: 'counts', where: { b: 1, a: ['y', 'x'] } }, a);
  await until(() => expect(a.changes).toHaveLength(1));
  const second = client.subscribe({ metric: 'counts', where: { a: ['x', 'y'], b: 1 } }, b);
  await until(() => expect(b.changes).toEqual([null]));
  expect(b.infos).toHaveLength(1);
  expect(b.contents).toBe(a.contents);
  expect(gateway.asked).toHaveLength(1);
  first.close();
  first.close();
  gateway.set(0, 2);
  await until(() => expect(b.counts()).toEqual({ 0: 2 }));
  expect(a.changes).toHaveLength(1);
  second.close();
  await until(() => expect(gateway.unsubscribed).toEqual(['00000000000000aa']));
});

it('goes on after a listener throws, and reports it', async () => {
  const broken = {
    onChange: () => {
      throw new Error('mine');
    },
  };
  const view = createRecorder();
  connect().subscribe(REQUEST, broken);
  client.subscribe(REQUEST, view);
  await until(() => expect(view.changes).toHaveLength(1));
  gateway.set(0, 4);
  await until(() => expect(view.counts()).toEqual({ 0: 4 }));
  expect(errors.map(String)).toEqual(['Error: mine', 'Error: mine']);
});

it('reports messages of wrong shape and goes on', async () => {
  const view = createRecorder();
  connect().subscribe(REQUEST, view);
  await until(() => expect(view.changes).toHaveLength(1));
  gateway.sendRaw('frame', { epoch: 'log-1', from: 'x' });
  gateway.sendRaw('beat', null);
  gateway.sendRaw('tail', { rows: 3 });
  gateway.set(0, 4);
  await until(() => expect(view.counts()).toEqual({ 0: 4 }));
  expect(errors).toHaveLength(3);
});
