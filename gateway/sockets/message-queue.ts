import { isTurnOver, nextTurn } from '#platform/process/tasks/turns.ts';

/** The messages of one connection, handled in order. */
export interface MessageQueue {
  /** Handles a message now where the turn of the event loop lasts and no message waits, else in a later turn. */
  add(handle: () => void): void;
  /** Drops the waiting messages. */
  close(): void;
}

/**
 * Hundreds of messages may come in one piece of a socket, and are all read before the first is handled. That bounds the queue:
 * nothing more is read while the turn is over. `failed` gets what handling a message threw.
 */
export function createMessageQueue(failed: (error: unknown) => void): MessageQueue {
  let waiting: (() => void)[] = [];
  let isDraining = false;

  const run = (handle: () => void): void => {
    try {
      handle();
    } catch (error) {
      failed(error);
    }
  };
  const drain = async (): Promise<void> => {
    isDraining = true;
    while (waiting.length > 0) {
      await nextTurn();
      do {
        const handle = waiting.shift();
        if (handle !== undefined) run(handle);
      } while (waiting.length > 0 && !isTurnOver());
    }
    isDraining = false;
  };
  return {
    add(handle) {
      if (!isDraining && !isTurnOver()) return run(handle);
      waiting.push(handle);
      if (!isDraining) void drain();
    },
    close() {
      waiting = [];
    },
  };
}
