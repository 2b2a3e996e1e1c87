export interface OneAtATime {
  /** Runs the work when all that was given before has ended, however it did; resolves and rejects as the work does. */
  run<T>(work: () => T | Promise<T>): Promise<T>;
  /** Resolves when nothing is under way and nothing waits. */
  rest(): Promise<void>;
}

/** Work that must not overlap, in the order of the calls. */
export function createOneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run<T>(work: () => T | Promise<T>): Promise<T> {
      const result = last.then(work);
      last = result.catch(() => {});
      return result;
    },
    async rest() {
      for (let seen: Promise<unknown> | null = null; seen !== last; await seen) seen = last;
    },
  };
}
