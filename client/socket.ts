import { io, type Socket } from 'socket.io-client';
import type { ClientToServer, ServerToClient, Subscribe } from '#contracts/protocol.ts';

export type Transport = 'websocket' | 'polling';

/** One connection over one transport. It never reconnects or changes transport by itself. */
export interface Wire {
  readonly transport: Transport;
  subscribe(message: Subscribe, reply: (answer: unknown) => void): void;
  unsubscribe(view: string): void;
  ack(to: number): void;
  tail(on: boolean): void;
  /** Ends it for good; no handler is called afterwards. Idempotent. */
  close(): void;
}

/** Messages come as they were received: the handlers read their shapes. */
export interface WireHandlers {
  open(): void;
  /** It failed to open or has ended; at most once. */
  closed(reason: string): void;
  message(name: 'frame' | 'beat' | 'notice' | 'tail', body: unknown): void;
}

/**
 * The only file that knows the Socket.IO client. Its reconnection and transport fallback are off: they back off in
 * step (jitter is clamped away), and wait for ever on a network that swallows WebSocket.
 */
export function openWire(url: URL, transport: Transport, handlers: WireHandlers): Wire {
  const socket: Socket<ServerToClient, ClientToServer> = io(url.origin, {
    path: `${url.pathname.replace(/\/+$/, '')}/socket.io/`,
    transports: [transport],
    upgrade: false,
    reconnection: false,
    forceNew: true,
    // The caller has its own timer; this one would only race with it.
    timeout: 60_000,
  });
  let ended = false;
  const close = () => {
    ended = true;
    socket.off();
    socket.disconnect();
  };
  const closed = (reason: string) => {
    if (ended) return;
    close();
    handlers.closed(reason);
  };
  socket.on('connect', () => handlers.open());
  socket.on('connect_error', (error) => closed(error.message));
  socket.on('disconnect', (reason) => closed(reason));
  for (const name of ['frame', 'beat', 'notice', 'tail'] as const) {
    socket.on(name, (body: unknown) => handlers.message(name, body));
  }
  return {
    transport,
    subscribe: (message, reply) => {
      socket.emit('subscribe', message, (answer) => {
        if (!ended) reply(answer);
      });
    },
    unsubscribe: (view) => void socket.emit('unsubscribe', { view }),
    ack: (to) => void socket.emit('ack', { to }),
    tail: (on) => void socket.emit('tail', { on }),
    close,
  };
}
