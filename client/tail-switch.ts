import type { Tail } from '#contracts/protocol.ts';
import { createListeners, type ReportError } from './listeners.ts';
import type { Wire } from './socket.ts';

export interface TailSwitch {
  /** Answers a function that ends it; idempotent. */
  add(listener: (tail: Tail) => void): () => void;
  tell(tail: Tail): void;
  resume(wire: Wire): void;
  pause(): void;
}

/** The event tail is on while anybody listens. */
export function createTailSwitch(report: ReportError): TailSwitch {
  const listeners = createListeners<Tail>(report);
  let wire: Wire | null = null;
  let count = 0;
  return {
    add(listener) {
      const remove = listeners.add(listener);
      if (count++ === 0) wire?.tail(true);
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        remove();
        if (--count === 0) wire?.tail(false);
      };
    },
    tell: (tail) => listeners.tell(tail),
    resume(next) {
      wire = next;
      if (count > 0) next.tail(true);
    },
    pause() {
      wire = null;
    },
  };
}
