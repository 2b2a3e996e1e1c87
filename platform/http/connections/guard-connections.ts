import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Fault } from '#contracts/errors.ts';
import { addressName } from '#platform/limits/address-name.ts';
import { createNameCounts } from '#platform/limits/name-counts.ts';
import { writeProblem } from '../refusals/write-problem.ts';
import type { Connections } from './connections.ts';

/** ms that a refused client has to read its answer. */
const LINGER = 500;
/** Refused clients that are given the reason at the same time; the rest are cut without an answer. */
const TURNED_AWAY = 500;

export interface ConnectionGuard {
  /** TCP connections of all. */
  total: number;
  /** TCP connections of one address; null where an address is a proxy's. */
  perAddress: number | null;
  /** Whether nothing of this address is served now. */
  isCutOff(name: string): boolean;
  /** Called for each connection that is not admitted. */
  refused(name: string, why: 'tcp' | 'tcp_total' | 'cut_off'): void;
}

/**
 * Counts connections, all and of each address, before a byte of them is read. The server's own listener for them is replaced,
 * because it would read from those that are refused as well.
 */
export function guardConnections(
  server: Server,
  connections: Connections,
  { total, perAddress, isCutOff, refused }: ConnectionGuard,
): void {
  const serve = server.listeners('connection') as ((socket: Socket) => void)[];
  const open = createNameCounts();
  const turnAway = (socket: Socket, message: string): void => {
    connections.opened(socket, 'closing');
    if (connections.count('closing') > TURNED_AWAY) socket.destroy();
    else sayGoodbye(socket, { code: 'too_many_connections', message, after: 1_000 });
  };
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const name = addressName(socket.remoteAddress ?? 'unknown');
    if (isCutOff(name)) {
      refused(name, 'cut_off');
      socket.resetAndDestroy();
      return;
    }
    if (perAddress !== null && open.of(name) >= perAddress) {
      refused(name, 'tcp');
      turnAway(
        socket,
        `This address has ${perAddress} TCP connections, as many as MILLRACE_TCP_PER_ADDRESS allows.`,
      );
      return;
    }
    if (open.all >= total) {
      refused(name, 'tcp_total');
      turnAway(
        socket,
        `There are ${total} TCP connections, as many as MILLRACE_TCP_CONNECTIONS or the open files of the process allow.`,
      );
      return;
    }
    open.add(name, 1);
    socket.once('close', () => open.add(name, -1));
    connections.opened(socket);
    for (const listener of serve) listener.call(server, socket);
  });
}

function sayGoodbye(socket: Socket, fault: Fault): void {
  socket.end(writeProblem(fault));
  socket.resume();
  const cut = setTimeout(() => socket.destroy(), LINGER).unref();
  socket.once('close', () => clearTimeout(cut));
}
