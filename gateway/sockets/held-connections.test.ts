import type { Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectionsOf } from '#platform/http/connections/connections.ts';
import { readSettings } from '#platform/process/settings/config.ts';
import { HELD, type HeldConnection, hold } from '../testing/held-connections.ts';
import { startGateway, type TestGateway } from '../testing/start-gateway.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

const METRIC = { event: 'order', aggregate: 'count', window: '1s' };

async function start(drain: number, env: Record<string, string> = {}): Promise<TestGateway> {
  const gateway = await startGateway({ waiting: 10 }, { http: { drain, limits: readSettings(env).limits } });
  await gateway.facts(Date.now());
  await gateway.define('orders', METRIC);
  return gateway;
}

const take = async (gateway: TestGateway, held: HeldConnection): Promise<void> => {
  sockets.push(await hold(gateway, held));
};
const opened = ({ server }: TestGateway): Promise<number> =>
  new Promise((resolve, reject) => server.getConnections((error, n) => (error ? reject(error) : resolve(n))));

describe('a stop ends, and leaves no connection, while a client', () => {
  it.each(HELD)('$name', async (held) => {
    const gateway = await start(200);
    await take(gateway, held);
    await gateway.close();
    expect(await opened(gateway)).toBe(0);
    // A socket says that it is closed a moment after the server knows.
    await vi.waitFor(() => expect(connectionsOf(gateway.server)!.size).toBe(0));
  });

  it('holds one of each, many times', async () => {
    const gateway = await start(200);
    for (const held of [...HELD, ...HELD]) await take(gateway, held);
    await gateway.close();
    expect(await opened(gateway)).toBe(0);
  });
});

/** So short that all of it is over within seconds. */
const SHORT = {
  MILLRACE_HEADER_TIME: '200ms',
  MILLRACE_REQUEST_TIME: '400ms',
  MILLRACE_ANSWER_TIME: '400ms',
  MILLRACE_KEEP_ALIVE: '1s',
};

describe('while the gateway runs, no client keeps a connection', () => {
  it('that no heartbeat watches over, whatever it does with it', async () => {
    const gateway = await start(200, SHORT);
    const mortal = HELD.filter(({ beats }) => beats === undefined);
    for (const held of [...mortal, ...mortal]) await take(gateway, held);
    await vi.waitFor(async () => expect(await opened(gateway)).toBe(0), { timeout: 30_000, interval: 200 });
    await gateway.close();
  });

  it('for a WebSocket beside its polls that it never takes', async () => {
    const gateway = await start(200, SHORT);
    await take(gateway, HELD.find(({ name }) => name.startsWith('probes'))!);
    const connections = connectionsOf(gateway.server)!;
    expect(connections.count('upgrade')).toBe(1);
    await vi.waitFor(() => expect(connections.count('upgrade')).toBe(0), { timeout: 30_000, interval: 200 });
    await gateway.close();
  });
});
