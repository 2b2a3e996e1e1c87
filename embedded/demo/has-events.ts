import { HEADER } from '#contracts/block.ts';
import type { Log } from '#platform/log/log.ts';

/** Whether the events topic holds anything but control blocks, which owners of partitions write by themselves. */
export async function hasEvents(log: Log): Promise<boolean> {
  for (const { partition, start, end } of await log.bounds('events')) {
    if (end > start && (await partitionHasEvents(log, partition, start, end))) return true;
  }
  return false;
}

function partitionHasEvents(log: Log, partition: number, start: number, end: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const tail = log.tail(
      'events',
      partition,
      start,
      (records) => {
        const found = records.some((record) => record.headers[HEADER.kind] !== 'control');
        const last = records[records.length - 1];
        if (found || (last !== undefined && last.offset >= end - 1)) finish(found);
      },
      reject,
    );
    const finish = (found: boolean): void => {
      // Not awaited inside the handler: closing waits for the handler that calls this.
      tail.then((subscription) => subscription.close()).then(() => resolve(found), reject);
    };
    tail.catch(reject);
  });
}
