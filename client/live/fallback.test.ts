import { afterEach, expect, it, vi } from 'vitest';
import { createClient } from '../index.ts';
import { type FakeGateway, startFakeGateway } from '../testing/fake-gateway.ts';
import { type HostileProxy, startHostileProxy, type Treatment } from '../testing/hostile-proxy.ts';
import { createRecorder } from '../testing/recorder.ts';
import type { Client } from '../types.ts';

let gateway: FakeGateway;
let proxy: HostileProxy;
let client: Client;
let direct: Client;

const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 10 });

async function start(treatment: Treatment): Promise<void> {
  gateway = await startFakeGateway();
  proxy = await startHostileProxy(gateway.port, treatment);
}
afterEach(async () => {
  await client.close();
  await direct?.close();
  await proxy.close();
  await gateway.close();
});

for (const treatment of ['refuse', 'reset', 'swallow'] as const) {
  it(`goes on over polling, with the same data, where the network does to WebSocket: ${treatment}`, async () => {
    await start(treatment);
    gateway.set(0, 1);
    const [view, reference] = [createRecorder(), createRecorder()];
    client = createClient({ url: proxy.url });
    direct = createClient({ url: gateway.url, transports: ['websocket'] });
    client.subscribe({ metric: 'counts' }, view);
    direct.subscribe({ metric: 'counts' }, reference);
    await until(() => expect(view.changes).toHaveLength(1));
    gateway.set(10_000, 2);
    await until(() => expect(reference.counts()).toEqual({ 0: 1, 10000: 2 }));
    await until(() => expect(view.counts()).toEqual(reference.counts()));
    expect(client.connection.transport).toBe('polling');
    expect(direct.connection.transport).toBe('websocket');
    expect(proxy.upgrades).toBe(1);
  });
}

it('reconnects over what worked last, and goes back to WebSocket once the network lets it', async () => {
  await start('reset');
  gateway.set(0, 1);
  const view = createRecorder();
  // Half a minute until the next try of WebSocket is half a second here; other waits stay as they are.
  client = createClient({ url: proxy.url, environment: { after: hurried } });
  client.subscribe({ metric: 'counts' }, view);
  await until(() => expect(client.connection).toMatchObject({ state: 'live', transport: 'polling' }));
  proxy.treatment = 'pass';
  await until(() => expect(client.connection).toMatchObject({ state: 'live', transport: 'websocket' }));
  gateway.set(0, 9);
  await until(() => expect(view.counts()).toEqual({ 0: 9 }));
  await until(() => expect(gateway.sockets.size).toBe(1));
});

function hurried(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms >= 15_000 ? ms / 60 : ms);
  return () => clearTimeout(timer);
}
