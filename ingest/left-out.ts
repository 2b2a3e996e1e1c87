import type { ErrorCode } from '#contracts/errors.ts';
import type { LeftOutRecord } from '#contracts/log/rejected-record.ts';

/** Refusals that were counted and not recorded, by code, until a record says how many they are. */
export interface LeftOut {
  add(code: ErrorCode, count: number, time: number): void;
  /** Adds what a record said that could not be written. */
  restore(record: LeftOutRecord): void;
  /** Says now what there is to say. */
  say(): void;
  /** Ends the wait for the next record, until something is added. */
  stop(): void;
}

/** `write` is given a record at most once in `every` ms, unless `say` is called. There are no more counts than codes. */
export function createLeftOut(
  { clock, every }: { clock: () => number; every: number },
  write: (record: LeftOutRecord) => void,
): LeftOut {
  let counts = new Map<string, number>();
  let since = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;

  const add = (code: string, count: number, time: number): void => {
    counts.set(code, (counts.get(code) ?? 0) + count);
    since = Math.min(since, time);
    timer ??= setTimeout(say, every).unref();
  };
  const stop = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  function say(): void {
    stop();
    if (counts.size === 0) return;
    const record = { time: clock(), since, leftOut: Object.fromEntries(counts) };
    counts = new Map();
    since = Number.POSITIVE_INFINITY;
    write(record);
  }
  return {
    add,
    restore(record) {
      for (const [code, count] of Object.entries(record.leftOut)) add(code, count, record.since);
    },
    say,
    stop,
  };
}
