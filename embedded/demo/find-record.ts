import type { Log, StoredRecord } from '#platform/log/log.ts';

/** Whether a partition of the events topic holds a record that matches, at offsets in [from, end). */
export function findRecord(
  log: Log,
  partition: number,
  { from, end }: { from: number; end: number },
  matches: (record: StoredRecord) => boolean,
): Promise<boolean> {
  if (from >= end) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    const tail = log.tail(
      'events',
      partition,
      from,
      (records) => {
        const found = records.some((record) => record.offset < end && matches(record));
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
