import { io, type Socket, WebSocket } from 'socket.io-client';
import { isRecord } from '#contracts/is-record.ts';
import type {
  ClientToServer,
  Entry,
  Refusal,
  ServerToClient,
  Subscribe,
  SubscribeReply,
} from '#contracts/view/protocol.ts';
import { guard, type ReportError } from '../host/listeners.ts';
import { FetchPolling } from './fetch-polling.ts';
import { readRefusal } from './read-messages.ts';

export type Transport = 'websocket' | 'polling';

/** One connection over one transport. It never reconnects or changes transport by itself. */
export interface Wire {
  readonly transport: Transport;
  /** `reply` is never called within this call. A message too large for the server is refused here: sent, it would end the connection. */
  subscribe(message: Subscribe, reply: (answer: unknown) => void): void;
  unsubscribe(view: string): void;
  ack(to: number): void;
  tail(on: boolean): void;
  /** Goes on with another key. */
  auth(key: string, reply: (answer: unknown) => void): void;
  /** Ends it for good; no handler is called afterwards. Idempotent. */
  close(): void;
}

/** Messages come as they were received: the handlers read their shapes. */
export interface WireHandlers {
  open(): void;
  /** It failed to open or has ended; at most once. With `refusal` the server answered and refuses this key, or refuses for now. */
  closed(reason: string, refusal?: Refusal | null): void;
  message(name: 'frame' | 'beat' | 'notice' | 'tail', body: unknown): void;
}

interface ConnectError extends Error {
  data?: unknown;
  context?: unknown;
  description?: unknown;
}

export interface WireOptions {
  limit: SizeLimit;
  key: string | undefined;
  report: ReportError;
  /** Asks why the wire does not open, where its error gives no reason; null where another transport is to ask. Never rejects. */
  askWhy: (() => Promise<Refusal | null>) | null;
}

/**
 * The only file, with its polling, that knows the Socket.IO client. Its reconnection and transport fallback are off: they back off in
 * step (jitter is clamped away), and wait for ever on a network that swallows WebSocket. What a
 * handler throws goes to `report`, since no caller would catch it.
 */
export function openWire(
  url: URL,
  { limit, key, report, askWhy }: WireOptions,
  transport: Transport,
  handlers: WireHandlers,
): Wire {
  const entry: Entry = key === undefined ? {} : { key };
  const socket: Socket<ServerToClient, ClientToServer> = io(url.origin, {
    path: `${url.pathname.replace(/\/+$/, '')}/socket.io/`,
    transports: transport === 'polling' ? [FetchPolling] : [WebSocket],
    upgrade: false,
    reconnection: false,
    forceNew: true,
    auth: entry,
    // The caller has its own timer; this one would only race with it.
    timeout: 60_000,
  });
  let ended = false;
  let told = Number.POSITIVE_INFINITY;
  /** Sizes of the subscriptions that wait for an answer, by their messages. */
  const waiting = new Map<Subscribe, number>();
  socket.io.engine.once('handshake', ({ maxPayload }) => {
    if (maxPayload > 0) told = maxPayload;
  });
  const close = () => {
    ended = true;
    socket.off();
    socket.disconnect();
  };
  const closed = (reason: string, refusal?: Refusal | null) => {
    if (ended) return;
    close();
    guard(report, () => handlers.closed(reason, refusal));
  };
  socket.on('connect', () => guard(report, () => handlers.open()));
  // What the namespace refused has `data`; what the handshake refused, the polling puts into `context`.
  socket.on('connect_error', (error: ConnectError) => {
    const refusal = readRefusal(error.data ?? error.context);
    // With a status the answer could be read.
    const known = refusal !== null || typeof error.description === 'number';
    if (known || askWhy === null) closed(error.message, refusal);
    else askWhy().then((why) => closed(error.message, why), report);
  });
  socket.on('disconnect', (reason, details) => {
    // The message above the limit is among the unanswered ones, so the largest of these is above the limit in any case.
    if (endedOverSize(details) && waiting.size > 0)
      limit.bytes = Math.min(limit.bytes, Math.max(...waiting.values()) - 1);
    closed(reason);
  });
  for (const name of ['frame', 'beat', 'notice', 'tail'] as const) {
    socket.on(name, (body: unknown) => guard(report, () => handlers.message(name, body)));
  }
  return {
    transport,
    subscribe: (message, reply) => {
      const answered = (answer: SubscribeReply) => {
        waiting.delete(message);
        if (!ended) guard(report, () => reply(answer));
      };
      const size = sizeOnWire(message);
      const most = Math.min(told, limit.bytes);
      if (size > most) return queueMicrotask(() => answered(refusal(size, most)));
      waiting.set(message, size);
      socket.emit('subscribe', message, answered);
    },
    unsubscribe: (view) => void socket.emit('unsubscribe', { view }),
    ack: (to) => void socket.emit('ack', { to }),
    tail: (on) => void socket.emit('tail', { on }),
    auth: (key, reply) =>
      void socket.emit('auth', { key }, (answer) => {
        if (!ended) guard(report, () => reply(answer));
      }),
    close,
  };
}

function refusal(size: number, most: number): SubscribeReply {
  const message = `The subscription has ${size} bytes; a message may have ${most}. Use fewer values in where.`;
  return { ok: false, error: { code: 'view_too_large', field: 'where', message, retry: false } };
}

/** What Socket.IO and Engine.IO put around the JSON of a message that is to be acknowledged, bytes at most. */
const ENVELOPE = 40;
/** WebSocket's close code, and HTTP's status, for a message that is too large. */
const TOO_LARGE: readonly unknown[] = [1009, 413];

/** The largest message that may be sent, bytes; lowered where a connection ended over a smaller one than its server had announced. */
export interface SizeLimit {
  bytes: number;
}

/** Upper bound of what a message takes on the wire, bytes. */
const sizeOnWire = (message: object): number =>
  new TextEncoder().encode(JSON.stringify(message)).length + ENVELOPE;

/** Whether a connection ended over the size of a message; `details` as the Socket.IO client gives them. */
function endedOverSize(details: unknown): boolean {
  if (!isRecord(details)) return false;
  const { description, context } = details;
  return TOO_LARGE.includes(description) || (isRecord(context) && TOO_LARGE.includes(context.code));
}
