import { MillraceError } from '#contracts/errors.ts';
import type { TopicName } from '#contracts/log/topics.ts';
import type { StoredRecord } from '../log.ts';
import { decodeRecord } from './record-codec.ts';
import type { PartitionState, Storage } from './storage.ts';

/** A partition of an open local log. */
export interface LocalPartition {
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

export const openLocalPartition = (storage: Storage, topic: TopicName, number: number): LocalPartition => ({
  topic,
  number,
  state: storage.readState(topic, number),
  watchers: new Set(),
});

export function changeState(partition: LocalPartition, state: PartitionState): void {
  partition.state = state;
  for (const watcher of partition.watchers) watcher();
}

/**
 * Reads at least one record from `from`, which lies inside the bounds; more while the limits allow. Throws `log_damaged` if
 * the first is damaged; a later damaged record only ends the batch.
 */
export function readBatch(
  storage: Storage,
  partition: LocalPartition,
  from: number,
  limits: BatchLimits,
): StoredRecord[] {
  const batch: StoredRecord[] = [];
  let size = 0;
  const end = Math.min(partition.state.end, from + limits.records);
  for (let offset = from; offset < end; offset++) {
    const bytes = readOne(storage, partition, offset, batch.length > 0);
    if (bytes === null) break;
    size += bytes.length;
    if (batch.length > 0 && size > limits.bytes) break;
    batch.push(decodeRecord(bytes, offset));
  }
  return batch;
}

function readOne(
  storage: Storage,
  partition: LocalPartition,
  offset: number,
  isFurther: boolean,
): Uint8Array | null {
  try {
    const bytes = storage.read(partition.topic, partition.number, offset);
    if (bytes !== null) return bytes;
    const { topic, number, state } = partition;
    throw new MillraceError({
      code: 'log_damaged',
      message: `Record ${offset} of ${topic}/${number} is missing, though the log holds ${state.start} to ${state.end}.`,
    });
  } catch (error) {
    if (isFurther) return null;
    throw error;
  }
}

/** How many records behind a damaged one are asked for a time in its place. */
const NEAR = 100;

/**
 * Append time and stored size of the record at an offset inside the bounds. A damaged one takes the time of the next
 * that is whole, so that it keeps nothing behind it from being dropped in its time.
 */
export function peekRecord(
  storage: Storage,
  { topic, number, state }: LocalPartition,
  offset: number,
): { time: number; bytes: number } {
  const bytes = storage.peek(topic, number, offset)?.bytes ?? 0;
  for (let next = offset; next < Math.min(state.end, offset + NEAR); next++) {
    const time = storage.peek(topic, number, next)?.time ?? null;
    if (time !== null) return { time, bytes };
  }
  return { time: Number.POSITIVE_INFINITY, bytes };
}

/** Whether a reader may stand at `position`: anywhere in [start, end]. */
export function checkPosition(partition: LocalPartition, position: number): void {
  const { start, end } = partition.state;
  if (Number.isSafeInteger(position) && position >= start && position <= end) return;
  throw new MillraceError({
    code: 'position_out_of_bounds',
    message: `Offset ${position} of ${partition.topic}/${partition.number} is not in the log; it holds ${start} to ${end}.`,
    field: 'offset',
  });
}
