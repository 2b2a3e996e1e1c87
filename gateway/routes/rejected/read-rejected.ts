import {
  LEFT_OUT_RECORD,
  REJECTED_RECORD,
  type RejectedPage,
  type RejectedRecord,
} from '#contracts/log/rejected-record.ts';
import { fits } from '#contracts/schema/fits.ts';
import type { Log, StoredRecord } from '#platform/log/log.ts';
import { readRange } from '#platform/log/read-range.ts';
import { codeOf } from '#platform/process/code-of.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import { type RejectedQuery, writeCursor } from './rejected-query.ts';

/** Records that one page looks at, and those that are read at once, at least and at most. */
const LOOKED_AT = 20_000;
const FEWEST = 200;
const MOST = 2_000;
/** Of one read; a record that another program wrote may have 8 MB. */
const LIMITS = { bytes: 16_000_000, time: 10_000 };
/** Bytes of a record; those of Millrace are smaller by far. */
const MAX_RECORD = 65_536;
/** Records between two steps, at which other work may run. */
const STEP = 50;

/** Reads a page of the `rejected` topic backwards; stops early when `gone` is aborted. */
export async function readRejected(
  log: Pick<Log, 'bounds' | 'tail'>,
  query: RejectedQuery,
  gone: AbortSignal,
): Promise<RejectedPage> {
  const page = createPage(query);
  let [bounds] = await log.bounds('rejected');
  // A cursor of another log, which held more, reads this one from its end.
  let before = Math.min(query.before ?? Number.POSITIVE_INFINITY, bounds?.end ?? 0);
  let left = LOOKED_AT;
  let count = Math.max(FEWEST, query.limit);
  while (bounds !== undefined && before > bounds.start && left > 0 && !page.isFull() && !gone.aborted) {
    const from = Math.max(bounds.start, before - Math.min(count, left));
    const range = { topic: 'rejected', partition: 0, from, before } as const;
    try {
      const read = await readRange(log, range, LIMITS);
      left -= before - read.from;
      before = await runInTurns(page.add(read.records, read.from));
      count = Math.min(MOST, count * 2);
    } catch (error) {
      // Retention has reached it: there is less to read now.
      if (codeOf(error) !== 'position_out_of_bounds') throw error;
      left -= before - from;
      [bounds] = await log.bounds('rejected');
    }
  }
  const isEnd = bounds === undefined || before <= bounds.start;
  return { ...page.contents, next: isEnd ? null : writeCursor(before) };
}

/** Collects the records that are asked for, newest first. */
function createPage({ limit, codes }: RejectedQuery) {
  const rejected: RejectedRecord[] = [];
  const leftOut: Record<string, number> = {};
  const isAsked = (code: string): boolean => codes === null || codes.has(code);
  const isFull = (): boolean => rejected.length >= limit;
  const add = (record: unknown): void => {
    if (fits(REJECTED_RECORD, record)) {
      if (isAsked(record.code)) rejected.push(record);
    } else if (fits(LEFT_OUT_RECORD, record)) {
      for (const [code, n] of Object.entries(record.leftOut))
        if (isAsked(code)) leftOut[code] = (leftOut[code] ?? 0) + n;
    }
  };
  return {
    contents: { rejected, leftOut },
    isFull,
    /** Adds records in offset order, from the last one on, until the page is full. Returns the offset below which it continues. */
    *add(records: readonly StoredRecord[], from: number): Generator<void, number> {
      for (let i = records.length - 1; i >= 0; i--) {
        const { offset, value } = records[i]!;
        add(parse(value));
        if (isFull()) return offset;
        if (i % STEP === 0) yield;
      }
      return from;
    },
  };
}

/** Returns null for what is no JSON: any producer may write to the topic. */
function parse(value: Uint8Array): unknown {
  if (value.length > MAX_RECORD) return null;
  try {
    return JSON.parse(Buffer.from(value).toString());
  } catch {
    return null;
  }
}
