import type { IncomingMessage } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import type { Socket } from 'socket.io';
import { isTurnOver, nextTurn } from '#platform/process/tasks/turns.ts';

/**
 * What Socket.IO 4.8 does for each connection and we do without, for memory and CPU. Its insides are in no public type:
 * where one is not as expected, it is left as it is, which costs memory or CPU and nothing else.
 */
type Listener = (...args: unknown[]) => void;

interface Emitter {
  listeners(event: string): Listener[];
  on(event: string, listener: Listener): unknown;
  off(event: string, listener: Listener): unknown;
}

/** An acknowledgement as a packet of the default namespace; the digits of a safe integer. */
const ACK = /^2\["ack",\{"to":(\d{1,15})\}\]$/;
/** How engine.io's stand-in for a response hears of the end of a WebSocket, in its source. */
const UPGRADE_ENDED = 'this.emit("close")';

/**
 * Hears acknowledgements before Socket.IO takes a packet apart: they are nearly all that clients send, and cost it more
 * than the frame that they acknowledge. Everything else goes its usual way. Answers how to stop: a client may leave and
 * come in again over one connection as often as it likes.
 */
export function readAcks(connection: object, acknowledged: (to: number) => void): () => void {
  const conn = connection as Emitter;
  const listeners = conn.listeners('data');
  const [decode] = listeners;
  if (decode === undefined || listeners.length !== 1) return () => {};
  const hear: Listener = (data) => {
    // Engine.IO has taken its own 4 away.
    const ack = typeof data === 'string' ? ACK.exec(data) : null;
    if (ack === null) decode(data);
    else acknowledged(Number(ack[1]));
  };
  conn.off('data', decode);
  conn.on('data', hear);
  return () => {
    conn.off('data', hear);
    conn.on('data', decode);
  };
}

/** Lets the request of a connection and all its headers go; nothing reads them once the client is in. */
export function forgetHandshake(socket: Socket): void {
  const inner = socket as unknown as { handshake: unknown; conn: { request: unknown } };
  inner.conn.request = null;
  inner.handshake = null;
  // The room of its own that every socket has, for `io.to(id)`.
  void socket.leave(socket.id);
}

/**
 * Of a WebSocket's request engine.io keeps a stand-in for the response, by a listener on the network socket that tells
 * middlewares of the end. We have no middleware but our own, which is called right after that listener was added.
 */
export function releaseUpgrade({ socket }: IncomingMessage, response: object): void {
  if (response.constructor.name !== 'WebSocketResponse') return;
  const last = socket.listeners('close').at(-1) as Listener | undefined;
  if (last?.toString().includes(UPGRADE_ENDED)) socket.off('close', last);
}

/** The network socket beneath a transport; null for one that has none of its own, or no longer. */
export const networkSocketOf = (transport: object): NetSocket | null =>
  (transport as { socket?: { _socket?: NetSocket | null } }).socket?._socket ?? null;

/**
 * Reads on in the next turn of the event loop where this one is over: megabytes of messages that lie ready in one socket would
 * otherwise be read in one go. By the public `pause` and `resume` of `ws`; polling reads a bounded body at a time.
 */
export function readInTurns(connection: {
  transport: object;
  on(event: 'packet', listener: () => void): unknown;
}): void {
  let isPaused = false;
  connection.on('packet', () => {
    if (isPaused || !isTurnOver()) return;
    const { socket } = connection.transport as { socket?: { pause?(): void; resume?(): void } };
    if (socket?.pause === undefined || socket.resume === undefined) return;
    isPaused = true;
    socket.pause();
    void nextTurn().then(() => {
      isPaused = false;
      socket.resume?.();
    });
  });
}

/** What of engine.io's connection its end touches. */
interface Closable {
  readyState: string;
  close(discard?: boolean): void;
  once(event: 'close', listener: () => void): unknown;
  transport: { closeTimeout?: number; socket?: { terminate?(): void } };
}

/** ms in which a client takes what was said last, and hangs up itself. */
const GRACE = 2_000;

/** Ends a connection when all that was written is out, and soon in any case. What it still says is not heard. */
export function hangUp(connection: object): void {
  const conn = connection as Closable;
  if (conn.readyState !== 'open') return;
  conn.close();
  const timer = setTimeout(() => conn.close(true), GRACE).unref();
  conn.once('close', () => clearTimeout(timer));
}

/** Of polling, engine.io lets a closing connection wait 30 s for another poll: too long for a client that is to be gone. */
export function shortenClose(connection: object): void {
  const { transport } = connection as Closable;
  if (transport.closeTimeout !== undefined) transport.closeTimeout = GRACE;
}

/**
 * When a connection is closed, `ws` still waits 30 s for its client's answer: nobody counts the network socket any more,
 * and a client that never answers would hold it for that time.
 */
export function cutOff(connection: object): void {
  const { socket } = (connection as Closable).transport;
  if (socket?.terminate !== undefined) setTimeout(() => socket.terminate?.(), GRACE).unref();
}
