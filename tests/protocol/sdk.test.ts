import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createClient } from '#client/index.ts';
import { type HostileProxy, startHostileProxy, type Treatment } from '#client/testing/hostile-proxy.ts';
import { createRecorder, type Recorder } from '#client/testing/recorder.ts';
import type { Client } from '#client/types.ts';
import type { Embedded } from '#embedded/app.ts';
import { startOwnStack } from './own-stack.ts';
import { plain, totals } from './raw-client.ts';
import { createSubject, type Subject, until } from './subject.ts';

let stack: Embedded;
let subject: Subject;
const clients: Client[] = [];
const proxies: HostileProxy[] = [];

beforeAll(async () => {
  stack = await startOwnStack();
  subject = createSubject(stack.url);
  await subject.define();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  for (const proxy of proxies.splice(0)) await proxy.close();
});
afterAll(() => stack.close());

const watch = (url: string): { client: Client; view: Recorder } => {
  const client = createClient({ url });
  const view = createRecorder();
  clients.push(client);
  client.subscribe({ metric: subject.metric, groupBy: ['group'] }, view);
  return { client, view };
};
const through = async (treatment: Treatment) => {
  const proxy = await startHostileProxy(Number(new URL(stack.url).port), treatment);
  proxies.push(proxy);
  return proxy;
};

for (const treatment of ['refuse', 'reset', 'swallow'] as const) {
  it(`shows over polling what others see over WebSocket where the network does to it: ${treatment}`, async () => {
    const { url } = await through(treatment);
    const [hindered, free] = [watch(url), watch(stack.url)];
    await until(() =>
      expect(hindered.client.connection).toMatchObject({ state: 'live', transport: 'polling' }),
    );
    await subject.post(treatment, 3);
    await until(() => expect(totals(free.view.contents!)).toMatchObject({ [treatment]: 3 }));
    await until(() => expect(plain(hindered.view.contents!)).toEqual(plain(free.view.contents!)));
    expect(free.client.connection.transport).toBe('websocket');
  });
}

it('catches up by itself after its connection was cut, without loss or repeat', async () => {
  const proxy = await through('pass');
  const [cut, free] = [watch(proxy.url), watch(stack.url)];
  await until(() => expect(cut.view.contents?.cursor).not.toBeNull());
  for (let i = 0; i < 3; i++) {
    proxy.cutAll();
    await subject.post(`cut-${i}`, 2);
  }
  await until(() =>
    expect(totals(free.view.contents!)).toMatchObject({ 'cut-0': 2, 'cut-1': 2, 'cut-2': 2 }),
  );
  await until(() => expect(plain(cut.view.contents!)).toEqual(plain(free.view.contents!)));
});

it('tracks events that are counted once and seen by itself', async () => {
  const { client, view } = watch(stack.url);
  await Promise.all([1, 2, 3].map(() => client.track(subject.event, { group: 'tracked', size: 'L' })));
  await until(() => expect(totals(view.contents!)).toMatchObject({ tracked: 3 }));
  await until(() => expect(client.connection.roundTrip).not.toBeNull());
});
