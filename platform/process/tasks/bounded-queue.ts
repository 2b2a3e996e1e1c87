import { type Fault, MillraceError } from '#contracts/errors.ts';
import { createOneAtATime } from './one-at-a-time.ts';

/** Runs one piece of work at a time, in order, and refuses more of it than its bound. */
export interface BoundedQueue {
  run<T>(work: () => T | Promise<T>): Promise<T>;
  /** Pieces that run or wait. */
  readonly load: number;
  /** Resolves when none runs or waits. */
  idle(): Promise<void>;
}

/** `most`: pieces that may run or wait; `full`: why there is no room for another. */
export function createBoundedQueue(most: number, full: (most: number) => Fault): BoundedQueue {
  const turns = createOneAtATime();
  let load = 0;
  return {
    async run(work) {
      if (load >= most) throw new MillraceError(full(most));
      load += 1;
      try {
        return await turns.run(work);
      } finally {
        load -= 1;
      }
    },
    get load() {
      return load;
    },
    idle: turns.rest,
  };
}
