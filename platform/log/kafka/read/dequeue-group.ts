import type { LogRecord } from '../../log.ts';
import type { PendingAppend, SenderLimits } from '../pending-append.ts';

/** What goes in one request: one batch a partition, and whose records are where in them. */
export interface SendGroup {
  batches: { topic: string; partition: number; records: LogRecord[]; bytes: number }[];
  members: { append: PendingAppend; batch: number; index: number }[];
}

/** Takes the oldest appends out of the queue while the limits allow; the order within a partition stays. */
export function dequeueGroup(
  queue: PendingAppend[],
  limits: Pick<SenderLimits, 'batchBytes' | 'requestBytes'>,
): SendGroup {
  const group: SendGroup = { batches: [], members: [] };
  const numbers = new Map<string, number>();
  const full = new Set<string>();
  let bytes = 0;
  const left = queue.filter((append) => {
    const place = `${append.topic}/${append.partition}`;
    const number = numbers.get(place);
    const held = number === undefined ? 0 : group.batches[number]!.bytes;
    const tooMuch = bytes > 0 && bytes + append.bytes > limits.requestBytes;
    if (full.has(place) || tooMuch || (held > 0 && held + append.bytes > limits.batchBytes)) {
      full.add(place);
      return true;
    }
    const batch = number ?? group.batches.length;
    numbers.set(place, batch);
    if (number === undefined) group.batches.push({ ...placeOf(append), records: [], bytes: 0 });
    const { records } = group.batches[batch]!;
    group.members.push({ append, batch, index: records.length });
    records.push(...append.records);
    group.batches[batch]!.bytes += append.bytes;
    bytes += append.bytes;
    return false;
  });
  queue.splice(0, queue.length, ...left);
  return group;
}

const placeOf = ({ topic, partition }: PendingAppend) => ({ topic, partition });
