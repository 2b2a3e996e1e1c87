import type { Frame } from '#contracts/view/frame.ts';
import type { Environment } from '../host/environment.ts';

/**
 * What is received at most before it is acknowledged. 2,000 cells are some 30 KB on the wire, an eighth of the gateway's
 * default credit, so large frames flow on; small ones cost an acknowledgement a second, since a fan-out pays for each.
 */
const CELLS = 2_000;
const WITHIN = 1_000;

export interface Credit {
  /** A frame has been applied, pushed or in an answer. */
  received(frame: Pick<Frame, 'to' | 'views'>): void;
  /** Another wire: offsets start again. */
  reset(send: ((to: number) => void) | null): void;
}

/** Acknowledges applied frames: the gateway sends only a limited number of bytes ahead of the last acknowledgement. */
export function createCredit(env: Pick<Environment, 'after'>): Credit {
  let send: ((to: number) => void) | null = null;
  let highest = -1;
  let cells = 0;
  let cancel: (() => void) | null = null;
  const flush = () => {
    cancel?.();
    cancel = null;
    cells = 0;
    send?.(highest);
  };
  return {
    received({ to, views }) {
      highest = Math.max(highest, to);
      for (const view of views) cells += view.at.length + (view.members?.length ?? 0);
      if (cells >= CELLS) flush();
      else cancel ??= env.after(WITHIN, flush);
    },
    reset(next) {
      cancel?.();
      cancel = null;
      send = next;
      highest = -1;
      cells = 0;
    },
  };
}
