import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server } from 'socket.io';
import * as ws from 'ws';
import type { Fault } from '#contracts/errors.ts';
import { clientAddress } from '#platform/http/client-address.ts';
import { markHandshakes } from './handshakes.ts';
import type { Encoded, Link } from './peer.ts';
import { forgetHandshake, readAcks, releaseUpgrade } from './socket-internals.ts';
import { SocketIoLink } from './socket-io-link.ts';

export interface SocketHandlers {
  /** Whether a handshake or a request of this transport may go on. */
  check(request: IncomingMessage, address: string, isHandshake: boolean): Fault | null;
  /** A client is here. */
  connected(link: SocketLink): SocketClient;
}

/** What is to be done with a client's messages and its end. */
export interface SocketClient {
  /** `reply` is null where the client asked for no acknowledgement. */
  message(event: string, payload: unknown, reply: ((answer: object) => void) | null): void;
  gone(): void;
}

export interface SocketLink extends Link {
  readonly address: string;
  notify(event: 'notice', payload: object): void;
  close(): void;
}

export interface SocketServer {
  attach(server: HttpServer): void;
  close(): Promise<void>;
}

/** Socket.IO's server; `socket-internals.ts` and `socket-io-link.ts` know it too, nothing else does. `messageBytes`: the largest message of a client; `credit`: bytes that may wait in one socket; `proxies`: how many in front are believed. */
export function createSocketServer(
  limits: { messageBytes: number; credit: number; proxies: number },
  handlers: SocketHandlers,
): SocketServer {
  const io = new Server({
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: true,
    maxHttpBufferSize: limits.messageBytes,
    pingInterval: 15_000,
    pingTimeout: 10_000,
    connectTimeout: 10_000,
    allowRequest: (request, answer) => {
      const fault = handlers.check(request, clientAddress(request, limits.proxies), true);
      answer(fault === null ? null : `${fault.code}: ${fault.message}`, fault === null);
    },
  });
  io.on('connection', (socket) => {
    const link = new SocketIoLink(socket, limits.credit);
    const { message, gone } = handlers.connected(link);
    socket.onAny((event: string, ...args: unknown[]) => {
      const last = args.at(-1);
      const reply = typeof last === 'function' ? (last as (answer: object) => void) : null;
      message(event, args[0] === last && reply !== null ? undefined : args[0], reply);
    });
    const stop = readAcks(socket.conn, (to) => message('ack', { to }, null));
    socket.on('disconnect', () => {
      stop();
      gone();
    });
    forgetHandshake(socket);
  });
  return {
    attach(server) {
      io.attach(server);
      markHandshakes(io, limits.proxies);
      io.engine.use(
        (request: IncomingMessage, response: RefusableResponse, next: (error?: Error) => void) => {
          const fault = handlers.check(request, clientAddress(request, limits.proxies), false);
          if (fault === null) {
            releaseUpgrade(request, response);
            return next();
          }
          if (typeof response.writeHead !== 'function') return next(new Error(fault.code));
          response.writeHead(403, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ code: fault.code, message: fault.message }));
        },
      );
    },
    async close() {
      io.disconnectSockets(true);
      io.engine?.close();
    },
  };
}

interface RefusableResponse {
  writeHead?: (status: number, headers: Record<string, string>) => void;
  end(text: string): void;
}

/** `ws` builds frames with it; the types leave it out. */
const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };

/** A Socket.IO event of the default namespace as one WebSocket text frame. */
export function encodeMessage(event: Encoded['event'], payload: object): Encoded {
  const text = Buffer.from(`42${JSON.stringify([event, payload])}`);
  const options = { readOnly: false, mask: false, rsv1: false, opcode: 1, fin: true };
  return { event, payload, wire: Buffer.concat(Sender.frame(text, options)) };
}
