import type { TopicName } from '#contracts/log/topics.ts';
import { within } from '#platform/process/tasks/within.ts';
import type { Log, StoredRecord } from './log.ts';

/** Offsets in [from, before) of a partition, which the log holds. */
export interface OffsetRange {
  topic: TopicName;
  partition: number;
  from: number;
  before: number;
}

export interface ReadLimits {
  /** Bytes of values that are kept; of more, the newest. One record is always kept. */
  bytes: number;
  /** ms until it is given up. */
  time: number;
}

/** Records in offset order, all that there are with offsets in [from, before) of the range asked for. */
export interface ReadRange {
  from: number;
  records: StoredRecord[];
}

/**
 * Reads a range of offsets once. Where its records are larger than the limit, what it returns begins later. Rejects with
 * `position_out_of_bounds` when retention has reached the range, `log_damaged` where a record of it is, and `log_unavailable`
 * when the time is over.
 */
export async function readRange(
  log: Pick<Log, 'tail'>,
  { topic, partition, from, before }: OffsetRange,
  { bytes, time }: ReadLimits,
): Promise<ReadRange> {
  if (from >= before) return { from, records: [] };
  const kept: StoredRecord[] = [];
  let start = from;
  let size = 0;
  const { promise: whole, resolve, reject } = Promise.withResolvers<void>();
  const collect = (records: StoredRecord[]): void => {
    for (const record of records) {
      if (record.offset >= before) break;
      kept.push(record);
      size += record.value.length;
    }
    while (size > bytes && kept.length > 1) {
      size -= kept.shift()!.value.length;
      start = kept[0]!.offset;
    }
    if ((records.at(-1)?.offset ?? from) >= before - 1) resolve();
  };
  // Awaited below; until the tail is open, nothing may be left unhandled.
  whole.catch(() => {});
  const tail = await log.tail(topic, partition, from, collect, reject);
  try {
    await within(whole, time, LATE);
  } finally {
    await tail.close();
  }
  return { from: start, records: kept };
}

const LATE = {
  code: 'log_unavailable',
  message: 'The Log did not give the records in time; try again in a moment.',
} as const;
