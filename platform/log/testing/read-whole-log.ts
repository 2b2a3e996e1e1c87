// Reads all of the log in a folder: prints how many records its first partition has, or the code of what is wrong.
import process from 'node:process';
import { MillraceError } from '#contracts/errors.ts';
import { openLmdbLog } from '../lmdb/lmdb-log.ts';
import { SPECS } from '../log-harness.conformance.ts';

try {
  const log = await openLmdbLog({ folder: process.argv[2]! });
  // As every process does: what names a topic may be damaged, too.
  await log.ensureTopics(SPECS);
  const { start, end } = (await log.bounds('events'))[0]!;
  let read = 0;
  await new Promise<void>((resolve, reject) => {
    const collect = (records: { value: Uint8Array; offset: number }[]): void => {
      for (const { value, offset } of records) {
        if (!Buffer.from(value).equals(Buffer.from(`${offset}${'.'.repeat(offset * 300)}`)))
          reject(new Error(`record ${offset} is another`));
      }
      read += records.length;
      if (read === end - start) resolve();
    };
    log.tail('events', 0, start, collect, reject).catch(reject);
  });
  await log.close();
  process.stdout.write(`${read}`);
} catch (error) {
  process.stdout.write(error instanceof MillraceError ? error.code : String(error));
}
process.exit(0);
