import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** What a network does to a WebSocket's opening request: forbid it, cut the line, or swallow it without an answer. */
export type Treatment = 'refuse' | 'reset' | 'swallow' | 'pass';

export interface HostileProxy {
  readonly url: string;
  /** For connections from now on. */
  treatment: Treatment;
  /** How many opening requests it saw. */
  readonly upgrades: number;
  /** Cuts every connection; new ones are taken. */
  cutAll(): void;
  close(): Promise<void>;
}

/** Passes TCP through to a port of this machine, except for requests that ask for WebSocket; listens `at` a port, or a free one. */
export async function startHostileProxy(port: number, treatment: Treatment, at = 0): Promise<HostileProxy> {
  const open = new Set<Socket>();
  const state = { treatment, upgrades: 0 };
  const server: Server = createServer((client) => {
    open.add(client);
    client.on('error', () => client.destroy());
    client.on('close', () => open.delete(client));
    let upstream: Socket | null = null;
    client.on('data', (chunk) => {
      const upgrade = /^GET [^\r]*transport=websocket/.test(chunk.toString('latin1'));
      if (upgrade) state.upgrades++;
      if (upgrade && state.treatment !== 'pass') return mistreat(client, state.treatment);
      upstream ??= open.has(client) ? connectUpstream(port, client) : null;
      upstream?.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(state, {
    url,
    cutAll: () => {
      for (const socket of open) socket.resetAndDestroy();
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  });
}

function mistreat(client: Socket, treatment: Treatment): void {
  if (treatment === 'refuse') client.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
  if (treatment === 'reset') client.resetAndDestroy();
}

function connectUpstream(port: number, client: Socket): Socket {
  const upstream = connect(port, '127.0.0.1');
  upstream.pipe(client);
  upstream.on('error', () => client.destroy());
  client.on('close', () => upstream.destroy());
  return upstream;
}
