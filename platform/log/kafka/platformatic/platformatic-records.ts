import type { Consumer, RecordsBatch } from '@platformatic/kafka';
import type { StoredRecord } from '../../log.ts';
import type { Fetched } from '../kafka-client.ts';
import { withoutAborted } from '../read/without-aborted.ts';
import { storedHeaders } from '../stored-headers.ts';

type FetchAnswer = Awaited<ReturnType<Consumer['fetch']>>;
type FetchedPartition = FetchAnswer['responses'][number]['partitions'][number];

/** Of a batch's attributes. */
const BY_APPEND_TIME = 8;
const TRANSACTIONAL = 16;
const CONTROL = 32;

/** What is to be read from `position` on; an answer may begin before it, with the batch that holds it. */
export function readPartition(topic: string, position: number, found: FetchedPartition): Fetched {
  const { partitionIndex: partition, highWatermark, abortedTransactions } = found;
  const isRead = withoutAborted(
    (abortedTransactions ?? []).map((t) => ({
      producer: String(t.producerId),
      first: Number(t.firstOffset),
    })),
  );
  const records: StoredRecord[] = [];
  let next = position;
  for (const batch of found.records ?? []) {
    const first = Number(batch.firstOffset);
    const transaction = {
      producer: String(batch.producerId),
      transactional: (batch.attributes & TRANSACTIONAL) !== 0,
      control: (batch.attributes & CONTROL) !== 0,
    };
    for (const record of batch.records) {
      const offset = first + record.offsetDelta;
      const read = isRead({ ...transaction, offset });
      if (read && offset >= position) records.push(storedRecord(batch, record, offset));
    }
    next = Math.max(next, first + batch.lastOffsetDelta + 1);
  }
  return { topic, partition, records, next, end: Number(highWatermark) };
}

const EMPTY = new Uint8Array();

const storedRecord = (
  { attributes, firstTimestamp, maxTimestamp }: RecordsBatch,
  { timestampDelta, key, value, headers }: RecordsBatch['records'][number],
  offset: number,
): StoredRecord => ({
  offset,
  time: Number((attributes & BY_APPEND_TIME) === 0 ? firstTimestamp + timestampDelta : maxTimestamp),
  key,
  value: value ?? EMPTY,
  headers: storedHeaders(headers),
});
