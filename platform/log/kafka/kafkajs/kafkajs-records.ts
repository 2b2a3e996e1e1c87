import type { StoredRecord } from '../../log.ts';
import type { Fetched } from '../kafka-client.ts';
import { withoutAborted } from '../read/without-aborted.ts';
import { storedHeaders } from '../stored-headers.ts';

/** A partition in the answer to a fetch, as kafkajs decodes it; its types leave this out. */
export interface FetchedPartition {
  partition: number;
  highWatermark: string;
  abortedTransactions?: { producerId: string; firstOffset: string }[];
  messages: FetchedMessage[];
}

interface FetchedMessage {
  offset: string;
  timestamp: string;
  key: Buffer | null;
  value: Buffer | null;
  headers?: Record<string, Buffer | string | (Buffer | string)[] | undefined>;
  isControlRecord: boolean;
  batchContext: { producerId: string; inTransaction: boolean };
}

/** What is to be read from `position` on; an answer may begin before it, with the batch that holds it. */
export function readPartition(topic: string, position: number, found: FetchedPartition): Fetched {
  const { partition, highWatermark, messages, abortedTransactions = [] } = found;
  const aborted = abortedTransactions.map((t) => ({ producer: t.producerId, first: Number(t.firstOffset) }));
  const isRead = withoutAborted(aborted);
  const records: StoredRecord[] = [];
  let next = position;
  for (const message of messages) {
    const offset = Number(message.offset);
    const { producerId, inTransaction } = message.batchContext;
    const control = message.isControlRecord;
    const read = isRead({ offset, producer: producerId, transactional: inTransaction, control });
    if (offset < next) continue;
    next = offset + 1;
    if (read) records.push(storedRecord(message, offset));
  }
  return { topic, partition, records, next, end: Number(highWatermark) };
}

const EMPTY = new Uint8Array();

const storedRecord = (message: FetchedMessage, offset: number): StoredRecord => ({
  offset,
  time: Number(message.timestamp),
  key: message.key,
  value: message.value ?? EMPTY,
  headers: storedHeaders(
    Object.entries(message.headers ?? {}).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.at(-1) : value,
    ]),
  ),
});
