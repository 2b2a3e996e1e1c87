import type { Environment } from './environment.ts';

/** Frames, and ms, that are received at most before they are acknowledged. */
const FRAMES = 4;
const WITHIN = 250;

export interface Credit {
  /** A frame up to this offset has been applied. */
  received(to: number): void;
  /** Another wire: offsets start anew. */
  reset(send: ((to: number) => void) | null): void;
}

/** Acknowledges what was applied, a few frames at a time: the gateway sends only so much ahead of it. */
export function createCredit(env: Pick<Environment, 'after'>): Credit {
  let send: ((to: number) => void) | null = null;
  let highest = -1;
  let waiting = 0;
  let cancel = () => {};
  const flush = () => {
    cancel();
    cancel = () => {};
    waiting = 0;
    send?.(highest);
  };
  return {
    received(to) {
      highest = Math.max(highest, to);
      if (++waiting >= FRAMES) flush();
      else if (waiting === 1) cancel = env.after(WITHIN, flush);
    },
    reset(next) {
      cancel();
      send = next;
      highest = -1;
      waiting = 0;
    },
  };
}
