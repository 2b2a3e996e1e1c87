import type { Refusal } from '#contracts/view/protocol.ts';
import type { Environment } from '../host/environment.ts';
import type { Transport, Wire, WireHandlers } from './socket.ts';

export type OpenWire = (transport: Transport, handlers: WireHandlers) => Wire;

/** How long a transport may take to open, ms. A swallowed WebSocket must leave time for polling within 3 s. */
export const OPEN_WITHIN: Record<Transport, number> = { websocket: 2_500, polling: 10_000 };

export interface DialHandlers {
  opened(wire: Wire): void;
  /** No transport opened; `reason` is the last one's. */
  failed(reason: string): void;
  /** A server answered and refuses the client: another transport would not help. */
  refused(refusal: Refusal): void;
  /** The wire that opened has closed. */
  closed(wire: Wire, reason: string): void;
  message: WireHandlers['message'];
}

/**
 * Tries the transports in order until one opens: the next one starts when one is refused, reset, or gives no answer in
 * time. Returns a function that gives up; after `opened` it does nothing.
 */
export function dial(
  order: readonly Transport[],
  open: OpenWire,
  env: Pick<Environment, 'after'>,
  handlers: DialHandlers,
): () => void {
  let stop = () => {};
  const attempt = (index: number, reason: string) => {
    const transport = order[index];
    if (transport === undefined) {
      stop = () => {};
      handlers.failed(reason);
      return;
    }
    let opened = false;
    const finish = () => {
      cancel();
      stop = () => {};
    };
    const wireHandlers: WireHandlers = {
      open: () => {
        opened = true;
        finish();
        handlers.opened(wire);
      },
      closed: (why, refusal) => {
        if (opened) return handlers.closed(wire, why);
        finish();
        if (refusal) return handlers.refused(refusal);
        attempt(index + 1, `${transport}: ${why}`);
      },
      message: (name, body) => handlers.message(name, body),
    };
    let wire: Wire;
    try {
      wire = open(transport, wireHandlers);
    } catch (error) {
      // Such as where the platform has no WebSocket.
      attempt(index + 1, `${transport}: ${String(error)}`);
      return;
    }
    const limit = OPEN_WITHIN[transport];
    const cancel = env.after(limit, () => {
      wire.close();
      attempt(index + 1, `${transport}: no answer in ${limit} ms`);
    });
    stop = () => {
      cancel();
      wire.close();
    };
  };
  attempt(0, 'no transport is allowed');
  return () => stop();
}
