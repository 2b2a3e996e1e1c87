import type { Environment } from '../host/environment.ts';

/** Real timers that fire early, and how many of them are due: with none due, an idle client does nothing. */
export interface Timers extends Pick<Environment, 'after'> {
  readonly due: number;
}

/** `most`: how long any of them takes, ms. */
export function createTimers(most: number): Timers {
  const due = new Set<NodeJS.Timeout>();
  return {
    get due() {
      return due.size;
    },
    after(ms, call) {
      const timer = setTimeout(
        () => {
          due.delete(timer);
          call();
        },
        Math.min(ms, most),
      );
      due.add(timer);
      return () => {
        clearTimeout(timer);
        due.delete(timer);
      };
    },
  };
}
