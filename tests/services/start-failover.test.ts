import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { startFailover } from './start-failover.ts';

async function startNamed(name: string, port = 0): Promise<Server & { url: string }> {
  const server = createServer((_, response) => void response.end(name)).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(server, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

it('stays with one server until that is gone, and ends connections where all are', async () => {
  const [first, second] = [await startNamed('first'), await startNamed('second')];
  const failover = await startFailover([first.url, second.url]);
  const ask = async (): Promise<string> =>
    (await fetch(failover.url, { headers: { connection: 'close' } })).text();
  const end = async (server: Server): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  expect([await ask(), await ask(), failover.target]).toEqual(['first', 'first', first.url]);
  await end(first);
  expect([await ask(), failover.target]).toEqual(['second', second.url]);
  const again = await startNamed('first again', Number(new URL(first.url).port));
  expect(await ask()).toBe('second');
  await end(second);
  expect(await ask()).toBe('first again');
  await end(again);
  await expect(ask()).rejects.toThrow();
  await failover.close();
});
