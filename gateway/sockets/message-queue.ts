import { isTurnOver, nextTurn } from '#platform/process/tasks/turns.ts';

/** The messages of one connection, each looked at after those before it. */
export interface MessageQueue {
  /** Looks at it now where the turn of the loop lasts and none waits, else in a turn to come. */
  add(look: () => void): void;
  /** The connection is gone: what waits is dropped. */
  close(): void;
}

/**
 * Hundreds of messages lie in one piece of a socket, and are all read before the first is looked at. They are bounded by that: no
 * more is read while the turn is over. `failed`: what looking at one threw.
 */
export function createMessageQueue(failed: (error: unknown) => void): MessageQueue {
  let waiting: (() => void)[] = [];
  let isDraining = false;

  const take = (look: () => void): void => {
    try {
      look();
    } catch (error) {
      failed(error);
    }
  };
  const drain = async (): Promise<void> => {
    isDraining = true;
    while (waiting.length > 0) {
      await nextTurn();
      do {
        const look = waiting.shift();
        if (look !== undefined) take(look);
      } while (waiting.length > 0 && !isTurnOver());
    }
    isDraining = false;
  };
  return {
    add(look) {
      if (!isDraining && !isTurnOver()) return take(look);
      waiting.push(look);
      if (!isDraining) void drain();
    },
    close() {
      waiting = [];
    },
  };
}
