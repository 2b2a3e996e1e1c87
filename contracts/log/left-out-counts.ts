import type { LeftOutRecord } from './rejected-record.ts';

/** Refusals that were counted and not recorded, by code, until a record says how many they are. There are no more counts than codes. */
export interface LeftOutCounts {
  /** `time` is epoch ms. */
  add(code: string, count: number, time: number): void;
  /** Adds what a record said that could not be written. */
  restore(record: LeftOutRecord): void;
  /** Returns the record of what was added since the last call; null where that is nothing. */
  take(time: number): LeftOutRecord | null;
}

export function createLeftOutCounts(): LeftOutCounts {
  let counts = new Map<string, number>();
  let since = Number.POSITIVE_INFINITY;
  const add = (code: string, count: number, time: number): void => {
    counts.set(code, (counts.get(code) ?? 0) + count);
    since = Math.min(since, time);
  };
  return {
    add,
    restore(record) {
      for (const [code, count] of Object.entries(record.leftOut)) add(code, count, record.since);
    },
    take(time) {
      if (counts.size === 0) return null;
      const record = { time, since, leftOut: Object.fromEntries(counts) };
      counts = new Map();
      since = Number.POSITIVE_INFINITY;
      return record;
    },
  };
}
