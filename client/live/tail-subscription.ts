import type { Refusal, Tail } from '#contracts/view/protocol.ts';
import { createListeners, type ReportError } from '../host/listeners.ts';
import type { Wire } from './socket.ts';

export interface TailSubscription {
  /** Returns `unsubscribe`; idempotent. */
  add(listener: (tail: Tail) => void, onRefused?: (refusal: Refusal) => void): () => void;
  tell(tail: Tail): void;
  /** The key does not allow it. */
  refused(refusal: Refusal): void;
  resume(wire: Wire): void;
  pause(): void;
}

/** Keeps the event tail on while it has listeners. */
export function createTailSubscription(report: ReportError): TailSubscription {
  const listeners = createListeners<Tail>(report);
  const denied = createListeners<Refusal>(report);
  let wire: Wire | null = null;
  let count = 0;
  return {
    add(listener, onRefused = () => {}) {
      const ends = [listeners.add(listener), denied.add(onRefused)];
      if (count++ === 0) wire?.tail(true);
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        for (const end of ends) end();
        if (--count === 0) wire?.tail(false);
      };
    },
    tell: (tail) => listeners.tell(tail),
    refused: (refusal) => denied.tell(refusal),
    resume(next) {
      wire = next;
      if (count > 0) next.tail(true);
    },
    pause() {
      wire = null;
    },
  };
}
