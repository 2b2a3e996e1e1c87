import type { Server, Socket } from 'socket.io';
import type { Result } from '#contracts/errors.ts';
import { refuse } from '#contracts/errors.ts';
import type { Caller } from '#platform/access/caller.ts';
import { hangUp } from './hang-up.ts';
import { readAuth } from './read-auth.ts';
import { refusalOf } from './refuse-request.ts';

/** Where a connection came from, by its first request; a client that leaves and authenticates again has no other. */
interface Source {
  origin: string | undefined;
  authorization: string | undefined;
}

export interface SocketAuthentication {
  opened(connection: Connection): void;
  closed(connection: Connection): void;
  /** Returns, once, the caller of a socket that was just authenticated, and the origin of its page. */
  consumeCaller(socket: Socket): { caller: Caller; origin: string | undefined };
  left(socket: Socket): void;
}

type Authenticate = (presented: string | null, origin: string | undefined) => Result<Caller>;

/** The connection of engine.io beneath a client. */
type Connection = Socket['conn'];

/**
 * Packets that a client may send before it is authenticated, which takes one. Each attempt costs Socket.IO far more memory than
 * its few bytes, and thousands fit into one request.
 */
const MAX_EARLY_PACKETS = 5;

const UNKNOWN_SOURCE: Source = { origin: undefined, authorization: undefined };

/**
 * Authenticates sockets that join the namespace. Refused clients get the reason, and their connection is closed. So is a
 * connection without an authenticated client for `authenticationTimeout` ms, and one that is authenticated twice.
 */
export function authenticateSockets(
  io: Server,
  authenticationTimeout: number,
  { authenticate, refused }: { authenticate: Authenticate; refused: (code: string) => void },
): SocketAuthentication {
  const sources = new WeakMap<object, Source>();
  const callers = new WeakMap<Socket, Caller>();
  /** Connections without an authenticated client, each with what stops its timeout. */
  const pending = new WeakMap<object, () => void>();

  const sourceOf = ({ conn }: Socket): Source => {
    const known = sources.get(conn);
    if (known !== undefined) return known;
    const { origin, authorization } = conn.request?.headers ?? {};
    if (origin === undefined && authorization === undefined) return UNKNOWN_SOURCE;
    sources.set(conn, { origin, authorization });
    return { origin, authorization };
  };
  const authenticateOnce = (socket: Socket): Result<Caller> => {
    if (!pending.has(socket.conn))
      return refuse('invalid_message', 'The connection is already authenticated.');
    const { origin, authorization } = sourceOf(socket);
    const presented = readAuth(socket.handshake.auth, authorization);
    return presented.ok ? authenticate(presented.value, origin) : presented;
  };
  const stopTimeout = (connection: object): void => {
    pending.get(connection)?.();
    pending.delete(connection);
  };
  const startTimeout = (connection: Connection): void => {
    stopTimeout(connection);
    let packets = 0;
    const count = (): void => {
      if (++packets > MAX_EARLY_PACKETS) connection.close(true);
    };
    const timer = setTimeout(() => hangUp(connection), authenticationTimeout).unref();
    connection.on('packet', count);
    pending.set(connection, () => {
      clearTimeout(timer);
      connection.off('packet', count);
    });
  };
  io.use((socket, next) => {
    const caller = authenticateOnce(socket);
    if (caller.ok) {
      stopTimeout(socket.conn);
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
    opened: startTimeout,
    closed: stopTimeout,
    consumeCaller(socket) {
      const caller = callers.get(socket)!;
      callers.delete(socket);
      return { caller, origin: sourceOf(socket).origin };
    },
    left({ conn }) {
      if (conn.readyState === 'open') startTimeout(conn);
    },
  };
}
