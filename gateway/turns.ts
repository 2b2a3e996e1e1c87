import { setImmediate as turn } from 'node:timers/promises';
import type { Steps } from './core/steps.ts';

/** ms that work in steps may hold the event loop before other work gets its turn. */
const SLICE = 10;

/** Does work in steps; other work gets its turns in between. */
export async function runInTurns(steps: Steps): Promise<void> {
  let since = performance.now();
  while (!steps.next().done) {
    if (performance.now() - since < SLICE) continue;
    await turn();
    since = performance.now();
  }
}

/** Turns of the event loop, one for each who asks, in order: what a thousand do at once would hold it for long. */
export function createTurns(): { next(): Promise<void> } {
  const queue: (() => void)[] = [];
  let isRunning = false;
  const run = (): void => {
    const go = queue.shift();
    isRunning = go !== undefined;
    if (go === undefined) return;
    setImmediate(run);
    go();
  };
  return {
    next: () =>
      new Promise((resolve) => {
        queue.push(resolve);
        if (isRunning) return;
        isRunning = true;
        setImmediate(run);
      }),
  };
}
