import { HEADER } from '#contracts/log/block.ts';
import type { Log, StoredRecord } from '#platform/log/log.ts';
import { findRecord } from './find-record.ts';

/** Control blocks are what owners of partitions write by themselves. */
export const isEvents = ({ headers }: StoredRecord): boolean => headers[HEADER.kind] !== 'control';

/** Whether the events topic holds anything but control blocks. */
export async function hasEvents(log: Log): Promise<boolean> {
  for (const { partition, start, end } of await log.bounds('events')) {
    if (await findRecord(log, partition, { from: start, end }, isEvents)) return true;
  }
  return false;
}
