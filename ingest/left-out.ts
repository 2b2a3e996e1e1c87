import { createLeftOutCounts } from '#contracts/log/left-out-counts.ts';
import type { LeftOutRecord } from '#contracts/log/rejected-record.ts';

/** Says once in a while how many refusals were not recorded. */
export interface LeftOut {
  add(code: string, count: number): void;
  /** Adds what a record said that could not be written. */
  restore(record: LeftOutRecord): void;
  /** Says now what there is to say. */
  say(): void;
  /** Ends the wait for the next record, until something is added. */
  stop(): void;
}

/** `write` is given a record at most once in `every` ms, unless `say` is called. */
export function createLeftOut(
  { clock, every }: { clock: () => number; every: number },
  write: (record: LeftOutRecord) => void,
): LeftOut {
  const counts = createLeftOutCounts();
  let timer: NodeJS.Timeout | null = null;

  const stop = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const say = (): void => {
    stop();
    const record = counts.take(clock());
    if (record !== null) write(record);
  };
  const sayLater = (): void => {
    timer ??= setTimeout(say, every).unref();
  };
  return {
    add(code, count) {
      counts.add(code, count, clock());
      sayLater();
    },
    restore(record) {
      counts.restore(record);
      sayLater();
    },
    say,
    stop,
  };
}
