import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One address before several, as a balancer is for a client: it stays with the one that answered last. */
export interface Failover {
  readonly url: string;
  /** The address that connections go to now. */
  readonly target: string;
  close(): Promise<void>;
}

/** Resolves when it listens. A connection that cannot be made goes to the next address, once round. */
export async function startFailover(targets: readonly string[]): Promise<Failover> {
  let current = 0;
  const open = new Set<Socket>();
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  const forward = (client: Socket, left: number): void => {
    const tried = current;
    const { hostname, port } = new URL(targets[tried]!);
    const upstream = connect(Number(port), hostname);
    keep(upstream);
    let connected = false;
    upstream.once('connect', () => {
      connected = true;
      join(client, upstream);
    });
    upstream.on('error', () => {
      // A connection that has begun cannot move to another server: it ends, and the client reconnects.
      if (connected) return;
      // Another connection may have found out already.
      if (current === tried) current = (tried + 1) % targets.length;
      if (left > 0 && !client.destroyed) forward(client, left - 1);
      else client.destroy();
    });
  };
  const server = createServer((client) => {
    keep(client);
    client.on('error', () => client.destroy());
    forward(client, targets.length - 1);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get target() {
      return targets[current]!;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** Pipes both connections into each other; they end together. */
function join(client: Socket, upstream: Socket): void {
  client.pipe(upstream);
  upstream.pipe(client);
  client.once('close', () => upstream.destroy());
  if (client.destroyed) upstream.destroy();
  upstream.once('close', () => client.destroy());
}
