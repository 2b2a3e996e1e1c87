import { setTimeout as sleep } from 'node:timers/promises';
import { readCpu } from '../chain-figures.ts';

const EVERY = 500;
/** Share of a core that an idle process may use. */
const IDLE = 0.15;
const MOST = 1_800_000;

/** Resolves when the process has used almost no CPU for some seconds: merges of the Store and other work in the background are over. */
export async function untilIdle(pid: number, seconds = 3): Promise<void> {
  const end = performance.now() + MOST;
  let idle = 0;
  let last = { at: performance.now(), cpu: readCpu(pid).all };
  while (idle < seconds * 1_000) {
    if (performance.now() > end) throw new Error(`The process is not idle after ${MOST / 1_000} s.`);
    await sleep(EVERY);
    const now = { at: performance.now(), cpu: readCpu(pid).all };
    idle = (now.cpu - last.cpu) / (now.at - last.at) < IDLE ? idle + (now.at - last.at) : 0;
    last = now;
  }
}
