import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { addressName } from '#platform/limits/address-name.ts';
import { createNameCounts } from '#platform/limits/name-counts.ts';
import { writeProblem } from './write-problem.ts';

/** ms that a refused client has to read its answer. */
const LINGER = 500;

export interface ConnectionGuard {
  /** TCP connections of one address. */
  most: number;
  /** Whether nothing of this address is served now. */
  isCutOff(name: string): boolean;
  /** Told of each connection that was not let in. */
  refused(name: string, why: 'tcp' | 'cut_off'): void;
}

/**
 * Counts the connections of each address before a byte of them is read. The server's own listener for them is replaced,
 * because it would read from those that are refused as well.
 */
export function guardConnections(server: Server, { most, isCutOff, refused }: ConnectionGuard): void {
  const serve = server.listeners('connection') as ((socket: Socket) => void)[];
  const open = createNameCounts();
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const name = addressName(socket.remoteAddress ?? 'unknown');
    if (isCutOff(name)) {
      refused(name, 'cut_off');
      socket.resetAndDestroy();
      return;
    }
    if (open.of(name) >= most) {
      refused(name, 'tcp');
      turnAway(socket, most);
      return;
    }
    open.add(name, 1);
    socket.once('close', () => open.add(name, -1));
    for (const listener of serve) listener.call(server, socket);
  });
}

function turnAway(socket: Socket, most: number): void {
  // Whatever happens to a connection that nobody serves is of no interest.
  socket.on('error', () => {});
  const message = `This address has ${most} TCP connections, as many as MILLRACE_TCP_PER_ADDRESS allows.`;
  socket.end(writeProblem({ code: 'too_many_connections', message, after: 1_000 }));
  socket.resume();
  const cut = setTimeout(() => socket.destroy(), LINGER).unref();
  socket.once('close', () => clearTimeout(cut));
}
