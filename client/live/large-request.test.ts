import { afterEach, expect, it, vi } from 'vitest';
import { createClient } from '../index.ts';
import { type FakeGateway, startFakeGateway } from '../testing/fake-gateway.ts';
import { createRecorder } from '../testing/recorder.ts';
import type { Client } from '../types.ts';

const LIMIT = 20_000;
const values = (count: number) => Array.from({ length: count }, (_, i) => `ü-${1_000 + i}`);
const LARGE = { metric: 'counts', where: { country: values(3_000) } };
const small = { metric: 'counts' };

let gateway: FakeGateway;
let client: Client;

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });

afterEach(async () => {
  await client.close();
  await gateway.close();
});

it.each(['websocket', 'polling'] as const)(
  'refuses a view whose request is larger than a message may be, over %s, and keeps the others',
  async (transport) => {
    gateway = await startFakeGateway(0, LIMIT);
    gateway.set(0, 1);
    const [refused, kept] = [createRecorder(), createRecorder()];
    client = createClient({ url: gateway.url, transports: [transport], environment: { random: () => 0.05 } });
    client.subscribe(LARGE, refused);
    client.subscribe(small, kept);
    await until(() => expect(refused.refusals).toMatchObject([{ code: 'view_too_large', retry: false }]));
    const later = createRecorder();
    client.subscribe({ ...LARGE, range: '1m' }, later);
    await until(() => expect(later.refusals).toHaveLength(1));
    gateway.set(0, 2);
    await until(() => expect(kept.counts()).toEqual({ 0: 2 }));
    expect(gateway.asked).toMatchObject([{ request: small }]);
  },
);

it('sends what just fits', async () => {
  gateway = await startFakeGateway(0, LIMIT);
  gateway.set(0, 1);
  const view = createRecorder();
  client = createClient({ url: gateway.url });
  client.subscribe({ metric: 'counts', where: { country: 'x'.repeat(LIMIT - 200) } }, view);
  await until(() => expect(view.counts()).toEqual({ 0: 1 }));
});

it('learns the limit of a server that announces a higher one, from the end of one connection', async () => {
  gateway = await startFakeGateway(0, LIMIT, 1e9);
  gateway.set(0, 1);
  const [refused, kept] = [createRecorder(), createRecorder()];
  const transports = ['websocket'] as const;
  client = createClient({ url: gateway.url, transports, environment: { random: () => 0.05 } });
  client.subscribe(small, kept);
  await until(() => expect(kept.counts()).toEqual({ 0: 1 }));
  client.subscribe(LARGE, refused);
  await until(() => expect(refused.refusals).toMatchObject([{ code: 'view_too_large', retry: false }]));
  gateway.set(0, 2);
  await until(() => expect(kept.counts()).toEqual({ 0: 2 }));
  expect(gateway.asked).toMatchObject([{ request: small }, { request: small }]);
});
