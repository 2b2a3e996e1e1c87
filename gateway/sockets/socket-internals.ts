import { ServerResponse } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import type { Socket } from 'socket.io';
import * as ws from 'ws';
import { CLOSE_TIMEOUT_MS } from './hang-up.ts';

/**
 * Everything of socket.io, engine.io and ws that the gateway uses past what they document. `socket-internals.test.ts` names the
 * versions that the reasons and ratios below were found with; `bench/socket-internals.bench.ts` measures them.
 */

/**
 * Releases the request of a WebSocket: engine.io keeps it, by a stand-in for its response, as long as the network socket lasts.
 * To be called once no middleware reads it. Without this and `releaseHandshake` a connection takes 1.22 times the heap and
 * 1.25 times the memory; without one of them 1.16 and 1.08 times the heap.
 */
export function releaseRequest(response: object): void {
  if (!(response instanceof ServerResponse)) (response as { req: unknown }).req = null;
}

/** Releases the headers of a request, which the socket of a client keeps as its handshake. To be called once the client is in. */
export function releaseHandshake(socket: Socket): void {
  (socket as unknown as { handshake: unknown }).handshake = null;
}

/**
 * Returns the network socket beneath a transport; null for one that has none of its own, or no longer. For CPU: a frame that is
 * encoded once for all is written to it. Through engine.io's `send`, which encodes it for each client, a frame costs 1.4 times
 * the CPU. And for a bound: it shows which connections of the HTTP server have become WebSockets; the others have deadlines.
 */
export const networkSocketOf = (transport: object): NetSocket | null =>
  (transport as { socket?: { _socket?: NetSocket | null } }).socket?._socket ?? null;

/** Packets that wait in engine.io for the transport: a frame must not overtake them, and few wait for a client that does not poll. */
export const queuedPackets = (connection: Socket['conn']): number =>
  (connection as unknown as { writeBuffer: unknown[] }).writeBuffer.length;

/** For a bound: while it closes, polling waits 30 s for another poll of its client. engine.io has no option for that. */
export function shortenClose(connection: Socket['conn']): void {
  const transport = connection.transport as { closeTimeout?: number };
  if (transport.closeTimeout !== undefined) transport.closeTimeout = CLOSE_TIMEOUT_MS;
}

/**
 * For a bound: whether a request begins a connection, and so counts against the rate of handshakes. It reads what engine.io itself
 * decides by, so that no request is one thing here and another there.
 */
export function isHandshake(engine: object, request: object): boolean {
  const { clients } = engine as { clients: Record<string, unknown> };
  const { _query } = request as { _query: Record<string, string> };
  // A request for an unknown session counts as a handshake: it costs as much, and has no limit of its own.
  return !Object.hasOwn(clients, _query.sid ?? '');
}

/** `ws` exports what it builds frames with; the types leave it out. */
const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };

/** Returns a text as one unmasked frame of a WebSocket, encoded once for all receivers. */
export const textFrame = (text: string): Buffer =>
  Buffer.concat(
    Sender.frame(Buffer.from(text), { readOnly: false, mask: false, rsv1: false, opcode: 1, fin: true }),
  );
