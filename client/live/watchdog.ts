import type { Environment } from '../host/environment.ts';

/** Heartbeats come each second: a connection that is silent for longer than this is dead, whatever its socket says, ms. */
export const SILENCE = 6_000;
const CHECK = 1_000;

export interface Watchdog {
  /** Something was received. */
  touch(): void;
  stop(): void;
}

/** Calls `expired` once when nothing was received for `SILENCE`. */
export function startWatchdog(env: Pick<Environment, 'clock' | 'after'>, expired: () => void): Watchdog {
  let heard = env.clock();
  let checked = heard;
  let cancel = () => {};
  const check = () => {
    const now = env.clock();
    // A machine that slept, or a throttled tab, checks late: what came meanwhile is still to be delivered.
    if (now - checked > SILENCE || now < checked) heard = now;
    checked = now;
    if (now - heard > SILENCE) expired();
    else cancel = env.after(CHECK, check);
  };
  cancel = env.after(CHECK, check);
  return {
    touch: () => {
      heard = env.clock();
    },
    stop: () => cancel(),
  };
}
