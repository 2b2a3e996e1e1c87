import type { TopicName } from '#contracts/log/topics.ts';
import { decodeUpdate, type Update } from '#contracts/log/update.ts';
import type { Log, StoredRecord } from '#platform/log/log.ts';

/** Everything that a topic holds now, partition by partition. */
export async function recordsOf(log: Log, topic: TopicName): Promise<StoredRecord[]> {
  const all: StoredRecord[] = [];
  for (const { partition, start, end } of await log.bounds(topic)) {
    if (end > start) all.push(...(await readPartition(log, topic, partition, start, end)));
  }
  return all;
}

async function readPartition(
  log: Log,
  topic: TopicName,
  partition: number,
  start: number,
  end: number,
): Promise<StoredRecord[]> {
  const read: StoredRecord[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const tail = await log.tail(
    topic,
    partition,
    start,
    (records) => {
      read.push(...records.filter((record) => record.offset < end));
      if (records.some((record) => record.offset >= end - 1)) resolve();
    },
    reject,
  );
  await promise;
  await tail.close();
  return read;
}

/** The updates topic, decoded. */
export async function updatesOf(log: Log): Promise<Update[]> {
  return (await recordsOf(log, 'updates')).map(({ value }) => {
    const read = decodeUpdate(Buffer.from(value).toString());
    if (!read.ok) throw new Error(read.fault.message);
    return read.value;
  });
}
