import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { Fault, Result } from '#contracts/errors.ts';
import type { Caller } from '#platform/access/caller.ts';
import { clientAddress } from '#platform/http/callers/client-address.ts';
import { type Connections, connectionsOf } from '#platform/http/connections/connections.ts';
import { secureResponse } from '#platform/http/security-headers.ts';
import { isTurnOver, nextTurn } from '#platform/process/tasks/turns.ts';
import { guardEntry } from './authenticate-socket.ts';
import { markHandshakes } from './handshakes.ts';
import { createMessageQueue } from './message-queue.ts';
import type { Encoded, Link } from './peer.ts';
import { refuseBrokenRequests, refuseRequest } from './refuse-request.ts';
import {
  isHandshake,
  networkSocketOf,
  releaseHandshake,
  releaseRequest,
  shortenClose,
  textFrame,
} from './socket-internals.ts';
import { SocketIoLink } from './socket-io-link.ts';
import { BoundedWebSockets } from './web-sockets.ts';

export interface SocketHandlers {
  /** Whether a handshake, or a later request of a connection, may go on. */
  check(request: IncomingMessage, address: string, isHandshake: boolean): Fault | null;
  /** A connection is open: nobody need ever enter with it. */
  opened(address: string): void;
  closed(address: string): void;
  /** Who enters, by the key they present, from a page of an origin. */
  admit(presented: string | null, origin: string | undefined): Result<Caller>;
  /** Somebody was refused at the handshake or at the entry. */
  refused(code: string): void;
  /** A message met a fault of ours. */
  failed(error: unknown): void;
  /** A client is here. */
  connected(link: SocketLink, caller: Caller): SocketClient;
}

/** What is to be done with a client's messages and its end. */
export interface SocketClient {
  /** `reply` is null where the client asked for no acknowledgement. */
  message(event: string, payload: unknown, reply: ((answer: object) => void) | null): void;
  gone(): void;
}

export interface SocketLink extends Link {
  /** Of the page that the client is; undefined for a program. */
  readonly origin: string | undefined;
  /** Of the client, read with the number of trusted proxies. */
  readonly address: string;
  notify(event: 'notice', payload: object): void;
  /** Resolves when what was written has gone out, but for what may wait; false when the connection has ended before. */
  drained(): Promise<boolean>;
  close(): void;
}

export interface SocketServer {
  attach(server: HttpServer): void;
  close(): Promise<void>;
}

/**
 * Socket.IO's server; `authenticate-socket.ts`, `handshakes.ts`, `hang-up.ts`, `web-sockets.ts`, `socket-internals.ts` and
 * `socket-io-link.ts` know it too, nothing else does. `messageBytes`: the largest message of a client; `credit`: bytes that
 * may wait in one socket; `proxies`: the number of trusted proxies; `enterWithin`: ms within which a connection must authenticate.
 */
export function createSocketServer(
  limits: { messageBytes: number; credit: number; proxies: number; enterWithin: number },
  handlers: SocketHandlers,
): SocketServer {
  const io = new Server({
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: true,
    maxHttpBufferSize: limits.messageBytes,
    pingInterval: 15_000,
    pingTimeout: 10_000,
    connectTimeout: limits.enterWithin,
    wsEngine: BoundedWebSockets,
  });
  const addresses = new WeakMap<EngineConnection, string>();
  const guard = guardEntry(io, limits.enterWithin, handlers);
  io.on('connection', (socket) => {
    const { caller, origin } = guard.whoIs(socket);
    const address = addresses.get(socket.conn)!;
    const link = new SocketIoLink(socket, { credit: limits.credit, origin, address });
    const { message, gone } = handlers.connected(link, caller);
    const messages = createMessageQueue(handlers.failed);
    socket.onAny((event: string, ...args: unknown[]) => {
      const last = args.at(-1);
      const reply = typeof last === 'function' ? (last as (answer: object) => void) : null;
      const payload = args[0] === last && reply !== null ? undefined : args[0];
      // It costs no more than a place in the queue, and counts even where its client leaves at once.
      if (reply === null && isAcknowledgement(event, payload)) message(event, payload, reply);
      else messages.add(() => message(event, payload, reply));
    });
    socket.on('disconnect', () => {
      messages.close();
      guard.left(socket);
      gone();
    });
    releaseHandshake(socket);
    forgetRequest(socket);
  });
  return {
    attach(server) {
      io.attach(server);
      markHandshakes(io);
      refuseBrokenRequests(io);
      const connections = connectionsOf(server);
      io.engine.on('connection', (connection: EngineConnection) => {
        const address = clientAddress(connection.request, limits.proxies);
        addresses.set(connection, address);
        handlers.opened(address);
        shortenClose(connection);
        guard.opened(connection);
        if (connections !== null) followWebSocket(connection, connections);
        connection.once('close', () => {
          guard.closed(connection);
          handlers.closed(address);
        });
      });
      io.engine.use((request: IncomingMessage, response: object, next: () => void) => {
        secureResponse(response);
        const address = clientAddress(request, limits.proxies);
        const fault = handlers.check(request, address, isHandshake(io.engine, request));
        if (fault !== null) {
          handlers.refused(fault.code);
          return refuseRequest(request, response, fault);
        }
        releaseRequest(response);
        if (isTurnOver()) void nextTurn().then(next);
        else next();
      });
    },
    async close() {
      io.disconnectSockets(true);
      io.engine?.close();
    },
  };
}

/** Says when a network socket carries a connection, from the handshake on or after polling, and when it does no longer. */
function followWebSocket(connection: EngineConnection, connections: Connections): void {
  const carried = (state: 'websocket' | 'closing'): void => {
    const socket = networkSocketOf(connection.transport);
    if (socket !== null) connections.became(socket, state);
  };
  carried('websocket');
  connection.once('upgrade', () => carried('websocket'));
  connection.once('close', () => carried('closing'));
}

type EngineConnection = Socket['conn'];

/**
 * Releases the request of a connection, as Socket.IO's manual proposes, and the room that each socket has for `io.to(id)`: nothing
 * reads them once the client is in.
 */
function forgetRequest(socket: Socket): void {
  (socket.conn as { request: IncomingMessage | null }).request = null;
  void socket.leave(socket.id);
}

const isAcknowledgement = (event: string, payload: unknown): boolean =>
  event === 'ack' &&
  typeof payload === 'object' &&
  payload !== null &&
  'to' in payload &&
  Number.isSafeInteger(payload.to);

/** A Socket.IO event of the default namespace as one WebSocket text frame. */
export function encodeMessage(event: Encoded['event'], payload: object): Encoded {
  return { event, payload, wire: textFrame(`42${JSON.stringify([event, payload])}`) };
}
