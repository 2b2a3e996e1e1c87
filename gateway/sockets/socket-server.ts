import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { Fault, Result } from '#contracts/errors.ts';
import type { Caller } from '#platform/access/caller.ts';
import { clientAddress } from '#platform/http/callers/client-address.ts';
import { type Connections, connectionsOf } from '#platform/http/connections/connections.ts';
import { secureResponse } from '#platform/http/security-headers.ts';
import { isTurnOver, nextTurn } from '#platform/process/tasks/turns.ts';
import { writeJson } from '#platform/process/tasks/write-json.ts';
import { authenticateSockets } from './authenticate-socket.ts';
import { markHandshakes } from './handshakes.ts';
import type { Encoded, Link } from './link.ts';
import { createMessageQueue } from './message-queue.ts';
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
import { JsonText, TEXT_PARSER } from './written-json.ts';

export interface SocketHandlers {
  /** Returns why a handshake, or a later request of a connection, is refused; null where it is not. */
  check(request: IncomingMessage, address: string, isHandshake: boolean): Fault | null;
  /** A connection is open; its client may never authenticate. */
  opened(address: string): void;
  closed(address: string): void;
  /** Returns the caller that a presented key belongs to, if it may read from a page of `origin`. */
  authenticate(presented: string | null, origin: string | undefined): Result<Caller>;
  /** A handshake or an authentication was refused. */
  refused(code: string): void;
  /** Handling a message failed. */
  failed(error: unknown): void;
  /** A client is authenticated. */
  connected(link: SocketLink, caller: Caller): SocketClient;
}

/** Handles a client's messages and its end. */
export interface SocketClient {
  /** `reply` is null where the client asked for no acknowledgement. */
  message(event: string, payload: unknown, reply: ((answer: object) => void) | null): void;
  gone(): void;
}

export interface SocketLink extends Link {
  /** The origin of the client's page; undefined for a program. */
  readonly origin: string | undefined;
  /** The client's address, read with the number of trusted proxies. */
  readonly address: string;
  notify(event: 'notice', payload: object): void;
  /** Resolves to true when it is writable again, to false when the connection has ended before. */
  drained(): Promise<boolean>;
  close(): void;
}

export interface SocketServer {
  attach(server: HttpServer): void;
  close(): Promise<void>;
}

/**
 * Creates Socket.IO's server. Only the files of this folder know Socket.IO. `messageBytes`: the largest message of a client; `credit`: bytes that
 * may wait in one socket; `proxies`: the number of trusted proxies; `authenticationTimeout`: ms within which a connection must authenticate.
 */
export function createSocketServer(
  limits: { messageBytes: number; credit: number; proxies: number; authenticationTimeout: number },
  handlers: SocketHandlers,
): SocketServer {
  const io = new Server({
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: true,
    maxHttpBufferSize: limits.messageBytes,
    pingInterval: 15_000,
    pingTimeout: 10_000,
    connectTimeout: limits.authenticationTimeout,
    wsEngine: BoundedWebSockets,
    parser: TEXT_PARSER,
  });
  const addresses = new WeakMap<EngineConnection, string>();
  const authentication = authenticateSockets(io, limits.authenticationTimeout, handlers);
  io.on('connection', (socket) => {
    const { caller, origin } = authentication.consumeCaller(socket);
    const address = addresses.get(socket.conn)!;
    const link = new SocketIoLink(socket, { credit: limits.credit, origin, address });
    const { message, gone } = handlers.connected(link, caller);
    const messages = createMessageQueue(handlers.failed);
    socket.onAny((event: string, ...args: unknown[]) => {
      const last = args.at(-1);
      const reply = typeof last === 'function' ? (last as (answer: object) => void) : null;
      const payload = args[0] === last && reply !== null ? undefined : args[0];
      // At once: it costs no more than a place in the queue, and counts even if the client leaves right after it.
      if (reply === null && isAcknowledgement(event, payload)) message(event, payload, reply);
      else messages.add(() => message(event, payload, reply));
    });
    socket.on('disconnect', () => {
      messages.close();
      authentication.left(socket);
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
        authentication.opened(connection);
        if (connections !== null) followWebSocket(connection, connections);
        connection.once('close', () => {
          authentication.closed(connection);
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

/** Reports when a network socket becomes a WebSocket, at the handshake or after polling, and when it is closing. */
function followWebSocket(connection: EngineConnection, connections: Connections): void {
  const report = (state: 'websocket' | 'closing'): void => {
    const socket = networkSocketOf(connection.transport);
    if (socket !== null) connections.became(socket, state);
  };
  report('websocket');
  connection.once('upgrade', () => report('websocket'));
  connection.once('close', () => report('closing'));
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

/** Encodes a Socket.IO event of the default namespace. */
export const encodeMessage = (event: Encoded['event'], payload: object): Encoded =>
  encodedOf(event, JSON.stringify(payload));

/** Does the same in steps, for what may be long. */
export function* encodeInSteps(
  event: Encoded['event'],
  payload: object,
): Generator<undefined, Encoded, undefined> {
  return encodedOf(event, yield* writeJson(payload));
}

const encodedOf = (event: Encoded['event'], text: string): Encoded => ({
  event,
  payload: new JsonText(text),
  wire: textFrame(`42["${event}",${text}]`),
});
