import { MillraceError } from '#contracts/errors.ts';
import { createOneAtATime } from '#platform/process/tasks/one-at-a-time.ts';

/** Runs one statement at a time, in order, and refuses more waiting ones than its bound (`store_unavailable`). */
export interface StatementQueue {
  run<T>(statement: () => Promise<T>): Promise<T>;
  /** Statements running or waiting. */
  readonly load: number;
  /** Resolves when no statement runs or waits. */
  idle(): Promise<void>;
}

export function createStatementQueue(bound: number): StatementQueue {
  const turns = createOneAtATime();
  let load = 0;
  return {
    async run(statement) {
      if (load >= bound) {
        const message = `${load} calls wait for the Store already.`;
        throw new MillraceError({ code: 'store_unavailable', message });
      }
      load += 1;
      try {
        return await turns.run(statement);
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
