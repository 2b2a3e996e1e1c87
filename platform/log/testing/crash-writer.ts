import process from 'node:process';
import { openLmdbLog } from '../lmdb/lmdb-log.ts';

/**
 * A process to be killed: appends to two partitions without end, several calls at once, and says on stdout what was
 * acknowledged: one line `partition offset` a record. Every value is its own position as the writer expects it.
 */
const log = await openLmdbLog({ folder: process.argv[2]! });
await log.ensureTopics([{ name: 'events', partitions: 2, retention: null, bytes: null }]);
const next = (await log.bounds('events')).map((b) => b.end);

const appendOn = async (partition: number): Promise<void> => {
  const count = 1 + (next[partition]! % 5);
  const first = next[partition]!;
  next[partition] = first + count;
  const records = Array.from({ length: count }, (_, i) => ({
    key: null,
    value: Buffer.from(`${partition} ${first + i} `.padEnd(3_000, '.')),
    headers: {},
  }));
  const offsets = await log.append('events', partition, records);
  process.stdout.write(offsets.map((offset) => `${partition} ${offset}\n`).join(''));
};
const appendForEver = async (partition: number): Promise<void> => {
  for (;;) await Promise.all([appendOn(partition), appendOn(partition), appendOn(partition)]);
};
await Promise.all([appendForEver(0), appendForEver(1)]);
