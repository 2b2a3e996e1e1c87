import { MillraceError } from '#contracts/errors.ts';

/** Runs one job at a time, in order, and refuses more waiting ones than its bound (`store_unavailable`). */
export interface Lane {
  run<T>(job: () => Promise<T>): Promise<T>;
  /** Jobs running or waiting. */
  readonly load: number;
  /** Resolves when no job runs or waits. */
  idle(): Promise<void>;
}

export function createLane(bound: number): Lane {
  let load = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    run(job) {
      if (load >= bound) {
        const message = `${load} calls wait for the Store already.`;
        return Promise.reject(new MillraceError({ code: 'store_unavailable', message }));
      }
      load += 1;
      const result = last.then(job).finally(() => {
        load -= 1;
      });
      last = result.catch(() => {});
      return result;
    },
    get load() {
      return load;
    },
    idle: () => last.then(() => {}),
  };
}
