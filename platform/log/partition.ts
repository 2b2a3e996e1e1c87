import { MillraceError } from '#contracts/errors.ts';
import type { TopicName } from '#contracts/topics.ts';
import type { StoredRecord } from './log.ts';
import { decodeRecord, recordTime } from './record-codec.ts';
import type { PartitionState, Storage } from './storage.ts';

/** A partition of an open local log. */
export interface Partition {
  readonly topic: TopicName;
  readonly number: number;
  /** What is durable; replaced, never changed in place. */
  state: PartitionState;
  /** Called after every change of `state`. */
  readonly watchers: Set<() => void>;
}

export interface BatchLimits {
  records: number;
  bytes: number;
}

export const openPartition = (storage: Storage, topic: TopicName, number: number): Partition => ({
  topic,
  number,
  state: storage.readState(topic, number),
  watchers: new Set(),
});

export function changeState(partition: Partition, state: PartitionState): void {
  partition.state = state;
  for (const watcher of partition.watchers) watcher();
}

/** At least one record from `from`, which lies inside the bounds; more while the limits allow. */
export function readBatch(
  storage: Storage,
  partition: Partition,
  from: number,
  limits: BatchLimits,
): StoredRecord[] {
  const batch: StoredRecord[] = [];
  let size = 0;
  const end = Math.min(partition.state.end, from + limits.records);
  for (let offset = from; offset < end; offset++) {
    const bytes = storage.read(partition.topic, partition.number, offset);
    if (bytes === null) throw missing(partition, offset);
    size += bytes.length;
    if (batch.length > 0 && size > limits.bytes) break;
    batch.push(decodeRecord(bytes, offset));
  }
  return batch;
}

/** Append time and stored size of the record at an offset inside the bounds. */
export function peekRecord(
  storage: Storage,
  partition: Partition,
  offset: number,
): { time: number; bytes: number } {
  const bytes = storage.peek(partition.topic, partition.number, offset);
  if (bytes === null) throw missing(partition, offset);
  return { time: recordTime(bytes, offset), bytes: bytes.length };
}

const missing = ({ topic, number, state }: Partition, offset: number): MillraceError =>
  new MillraceError({
    code: 'internal',
    message: `Record ${offset} of ${topic}/${number} is missing, though the log holds ${state.start} to ${state.end}.`,
  });

/** Whether a reader may stand at `position`: anywhere in [start, end]. */
export function checkPosition(partition: Partition, position: number): void {
  const { start, end } = partition.state;
  if (Number.isSafeInteger(position) && position >= start && position <= end) return;
  throw new MillraceError({
    code: 'position_out_of_bounds',
    message: `Offset ${position} of ${partition.topic}/${partition.number} is not in the log; it holds ${start} to ${end}.`,
    field: 'offset',
  });
}
