import { MillraceError } from '#contracts/errors.ts';

/** Joins the writers of a topic with this process's reader of it: a writer learns what became of its own record. */
export interface ReadBack {
  /** The reader has passed `offset`; `applied` is what became of it. */
  record(offset: number, applied: boolean): void;
  /** Runs `append` and waits until the reader has passed the record whose offset it returns. */
  follow(append: () => Promise<number>): Promise<{ applied: boolean; offset: number }>;
  /** Resolves when the reader has passed the record at `offset`. */
  passed(offset: number): Promise<void>;
  /** The reader has ended: waiting and later calls reject with the first error given. */
  end(error: Error): void;
}

interface Waiter {
  offset: number;
  resolve(): void;
  reject(error: Error): void;
}

export function createReadBack(): ReadBack {
  let ended: Error | null = null;
  let next = 0;
  let writers = 0;
  // The reader may pass a record before its append resolves, so outcomes are kept while an append is under way.
  const outcomes = new Map<number, boolean>();
  const waiters = new Set<Waiter>();

  const passed = (offset: number): Promise<void> => {
    if (ended !== null) return Promise.reject(ended);
    if (offset < next) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiters.add({ offset, resolve, reject });
    return promise;
  };
  return {
    passed,
    record(offset, applied) {
      next = offset + 1;
      if (writers > 0) outcomes.set(offset, applied);
      for (const waiter of waiters) {
        if (waiter.offset > offset) continue;
        waiters.delete(waiter);
        waiter.resolve();
      }
    },
    async follow(append) {
      if (ended !== null) throw ended;
      writers++;
      try {
        const offset = await append();
        await passed(offset);
        const applied = outcomes.get(offset);
        if (applied !== undefined) return { applied, offset };
        throw new MillraceError({
          code: 'internal',
          message: `Record ${offset} was appended but never read.`,
        });
      } finally {
        writers--;
        if (writers === 0) outcomes.clear();
      }
    },
    end(error) {
      ended ??= error;
      for (const waiter of waiters) waiter.reject(ended);
      waiters.clear();
    },
  };
}
