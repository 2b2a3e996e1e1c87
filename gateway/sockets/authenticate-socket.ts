import type { Server, Socket } from 'socket.io';
import type { Result } from '#contracts/errors.ts';
import { refuse } from '#contracts/errors.ts';
import type { Caller } from '#platform/access/caller.ts';
import { hangUp } from './hang-up.ts';
import { readEntry } from './read-auth.ts';
import { refusalOf } from './refusal-of.ts';

/** Where a connection came from, as its first request says; a client that leaves and enters again has no other. */
interface Source {
  origin: string | undefined;
  authorization: string | undefined;
}

export interface Guard {
  opened(connection: Connection): void;
  closed(connection: Connection): void;
  /** Who has just come in, and the origin of the page they came from. */
  whoIs(socket: Socket): { caller: Caller; origin: string | undefined };
  left(socket: Socket): void;
}

type Admit = (presented: string | null, origin: string | undefined) => Result<Caller>;

/** The connection of engine.io beneath a client. */
type Connection = Socket['conn'];

/**
 * Packets that a client may send before it is in; entering takes one. Each entry costs Socket.IO far more memory than its
 * few bytes, and thousands fit into one request.
 */
const PACKETS_BEFORE_ENTRY = 5;

const UNKNOWN_SOURCE: Source = { origin: undefined, authorization: undefined };

/**
 * Lets into the namespace who may read: everybody else hears why, and the connection ends. So does one that nobody enters
 * with within `enterWithin` ms, or that its client has left for so long, and one whose client enters while it is in.
 */
export function guardEntry(
  io: Server,
  enterWithin: number,
  { admit, refused }: { admit: Admit; refused: (code: string) => void },
): Guard {
  const sources = new WeakMap<object, Source>();
  const callers = new WeakMap<Socket, Caller>();
  /** The connections that nobody is in with, with what ends their wait. */
  const waiting = new WeakMap<object, () => void>();

  const sourceOf = ({ conn }: Socket): Source => {
    const known = sources.get(conn);
    if (known !== undefined) return known;
    const { origin, authorization } = conn.request?.headers ?? {};
    if (origin === undefined && authorization === undefined) return UNKNOWN_SOURCE;
    sources.set(conn, { origin, authorization });
    return { origin, authorization };
  };
  const enter = (socket: Socket): Result<Caller> => {
    if (!waiting.has(socket.conn))
      return refuse('invalid_message', 'The connection is already authenticated.');
    const { origin, authorization } = sourceOf(socket);
    const presented = readEntry(socket.handshake.auth, authorization);
    return presented.ok ? admit(presented.value, origin) : presented;
  };
  const stopWaiting = (connection: object): void => {
    waiting.get(connection)?.();
    waiting.delete(connection);
  };
  const wait = (connection: Connection): void => {
    stopWaiting(connection);
    let packets = 0;
    const count = (): void => {
      if (++packets > PACKETS_BEFORE_ENTRY) connection.close(true);
    };
    const timer = setTimeout(() => hangUp(connection), enterWithin).unref();
    connection.on('packet', count);
    waiting.set(connection, () => {
      clearTimeout(timer);
      connection.off('packet', count);
    });
  };
  io.use((socket, next) => {
    const caller = enter(socket);
    if (caller.ok) {
      stopWaiting(socket.conn);
      callers.set(socket, caller.value);
      return next();
    }
    const { fault } = caller;
    refused(fault.code);
    next(Object.assign(new Error(fault.code), { data: refusalOf(fault) }));
    // The refusal is written on the next tick.
    setImmediate(() => hangUp(socket.conn));
  });
  return {
    opened: wait,
    closed: stopWaiting,
    whoIs(socket) {
      const caller = callers.get(socket)!;
      callers.delete(socket);
      return { caller, origin: sourceOf(socket).origin };
    },
    left({ conn }) {
      if (conn.readyState === 'open') wait(conn);
    },
  };
}
