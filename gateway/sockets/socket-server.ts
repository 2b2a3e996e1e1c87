import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server } from 'socket.io';
import * as ws from 'ws';
import type { Fault, Result } from '#contracts/errors.ts';
import type { Caller } from '#platform/access/caller.ts';
import { clientAddress } from '#platform/http/callers/client-address.ts';
import { type Connections, connectionsOf } from '#platform/http/connections/connections.ts';
import { secureResponse } from '#platform/http/security-headers.ts';
import { isTurnOver, nextTurn } from '#platform/process/tasks/turns.ts';
import { type Connection, guardEntry } from './authenticate-socket.ts';
import { markHandshakes } from './handshakes.ts';
import { createMessageQueue } from './message-queue.ts';
import type { Encoded, Link } from './peer.ts';
import { refuseBrokenRequests, refuseRequest } from './refuse-request.ts';
import {
  cutOff,
  forgetHandshake,
  networkSocketOf,
  readAcks,
  readInTurns,
  releaseUpgrade,
  shortenClose,
} from './socket-internals.ts';
import { SocketIoLink } from './socket-io-link.ts';

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

/** Socket.IO's server; `guard-entry.ts`, `handshakes.ts`, `socket-internals.ts` and `socket-io-link.ts` know it too, nothing else does. `messageBytes`: the largest message of a client; `credit`: bytes that may wait in one socket; `proxies`: the number of trusted proxies; `enterWithin`: ms within which a connection must authenticate. */
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
  });
  const guard = guardEntry(io, limits.enterWithin, handlers);
  io.on('connection', (socket) => {
    const { caller, origin } = guard.whoIs(socket);
    const link = new SocketIoLink(socket, limits.credit, origin);
    const { message, gone } = handlers.connected(link, caller);
    const messages = createMessageQueue(handlers.failed);
    socket.onAny((event: string, ...args: unknown[]) => {
      const last = args.at(-1);
      const reply = typeof last === 'function' ? (last as (answer: object) => void) : null;
      const payload = args[0] === last && reply !== null ? undefined : args[0];
      messages.add(() => message(event, payload, reply));
    });
    const stop = readAcks(socket.conn, (to) => message('ack', { to }, null));
    socket.on('disconnect', () => {
      stop();
      messages.close();
      guard.left(socket);
      gone();
    });
    forgetHandshake(socket);
  });
  return {
    attach(server) {
      io.attach(server);
      markHandshakes(io, limits.proxies);
      refuseBrokenRequests(io);
      const connections = connectionsOf(server);
      io.engine.on('connection', (connection: EngineConnection) => {
        const { remoteAddress } = connection;
        handlers.opened(remoteAddress);
        shortenClose(connection);
        guard.opened(connection);
        readInTurns(connection);
        if (connections !== null) followWebSocket(connection, connections);
        connection.once('close', () => {
          guard.closed(connection);
          cutOff(connection);
          handlers.closed(remoteAddress);
        });
      });
      const { clients } = io.engine as unknown as { clients: Record<string, unknown> };
      io.engine.use((request: EngineRequest, response: object, next: () => void) => {
        secureResponse(response);
        // Whoever asks for a session that is not there counts as a newcomer: such requests cost as much, and have no limit of their own.
        const isHandshake = !Object.hasOwn(clients, request._query.sid ?? '');
        const fault = handlers.check(request, clientAddress(request, limits.proxies), isHandshake);
        if (fault !== null) {
          handlers.refused(fault.code);
          return refuseRequest(request, response, fault);
        }
        releaseUpgrade(request, response);
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

/** What engine.io knows of a request: without a `sid` in its query it is a handshake. */
interface EngineRequest extends IncomingMessage {
  _query: Record<string, string>;
}

interface EngineConnection extends Connection {
  remoteAddress: string;
  transport: object;
  once(event: 'close' | 'upgrade', listener: () => void): unknown;
  on(event: 'packet', listener: () => void): unknown;
}

/** `ws` builds frames with it; the types leave it out. */
const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };

/** A Socket.IO event of the default namespace as one WebSocket text frame. */
export function encodeMessage(event: Encoded['event'], payload: object): Encoded {
  const text = Buffer.from(`42${JSON.stringify([event, payload])}`);
  const options = { readOnly: false, mask: false, rsv1: false, opcode: 1, fin: true };
  return { event, payload, wire: Buffer.concat(Sender.frame(text, options)) };
}
