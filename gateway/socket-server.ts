import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import { type DefaultEventsMap, Server, type Socket } from 'socket.io';
import * as ws from 'ws';
import type { Fault } from '#contracts/errors.ts';
import { clientAddress } from './client-address.ts';
import type { Encoded, Link } from './peer.ts';

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

/** Packets of our own that may wait for a client's next poll. */
const POLL_QUEUE = 3;

/** The only file that knows Socket.IO. `messageBytes`: the largest message of a client; `credit`: bytes that may wait in one socket. */
export function createSocketServer(
  limits: { messageBytes: number; credit: number },
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
      const fault = handlers.check(request, clientAddress(request), true);
      answer(fault === null ? null : `${fault.code}: ${fault.message}`, fault === null);
    },
  });
  io.on('connection', (socket) => {
    const link = createLink(socket, limits.credit);
    const { message, gone } = handlers.connected(link);
    socket.onAny((event: string, ...args: unknown[]) => {
      const last = args.at(-1);
      const reply = typeof last === 'function' ? (last as (answer: object) => void) : null;
      message(event, args[0] === last && reply !== null ? undefined : args[0], reply);
    });
    socket.on('disconnect', gone);
  });
  return {
    attach(server) {
      io.attach(server);
      io.engine.use(
        (request: IncomingMessage, response: RefusableResponse, next: (error?: Error) => void) => {
          const fault = handlers.check(request, clientAddress(request), false);
          if (fault === null) return next();
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

/** What of engine.io's connection the raw write touches; none of it is in the public types. */
interface EngineConnection {
  readyState: string;
  upgrading: boolean;
  writeBuffer: unknown[];
  transport: { name: string; writable: boolean; socket?: { _socket?: NetSocket } };
}

function createLink(socket: Socket<DefaultEventsMap, DefaultEventsMap>, credit: number): SocketLink {
  const conn = socket.conn as unknown as EngineConnection;
  /** The network socket, where a frame may be written past Socket.IO without overtaking a packet of it. */
  const raw = (): NetSocket | null => {
    const { transport } = conn;
    const direct =
      transport.name === 'websocket' &&
      transport.writable &&
      conn.writeBuffer.length === 0 &&
      !conn.upgrading;
    return direct && conn.readyState === 'open' ? (transport.socket?._socket ?? null) : null;
  };
  return {
    id: socket.id,
    address: clientAddress(socket.request),
    writable() {
      const net = raw();
      if (net !== null) return net.writableLength < credit;
      return conn.readyState === 'open' && conn.writeBuffer.length < POLL_QUEUE;
    },
    write({ event, payload, wire }) {
      const net = raw();
      if (net !== null) net.write(wire);
      else socket.emit(event, payload);
    },
    notify: (event, payload) => void socket.emit(event, payload),
    close: () => void socket.disconnect(true),
  };
}

/** `ws` builds frames with it; the types leave it out. */
const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };

/** A Socket.IO event of the default namespace as one WebSocket text frame. */
export function encodeMessage(event: Encoded['event'], payload: object): Encoded {
  const text = Buffer.from(`42${JSON.stringify([event, payload])}`);
  const options = { readOnly: false, mask: false, rsv1: false, opcode: 1, fin: true };
  return { event, payload, wire: Buffer.concat(Sender.frame(text, options)) };
}
