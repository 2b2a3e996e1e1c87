import process from 'node:process';
import { codeOf } from '#platform/process/code-of.ts';
import { openLmdbLog } from '../lmdb/lmdb-log.ts';

/**
 * A process whose files may not grow beyond a bound that its parent sets: appends until that is reached and a few times
 * more. Prints the outcomes as JSON.
 */
const log = await openLmdbLog({ folder: process.argv[2]! });
await log.ensureTopics([{ name: 'events', partitions: 1, retention: null, bytes: null }]);
const record = { key: null, value: Buffer.alloc(200_000), headers: {} };

const append = async (): Promise<number | string> => {
  try {
    const [offset] = await log.append('events', 0, [record]);
    return offset!;
  } catch (error) {
    return codeOf(error);
  }
};
const appendTimes = async (times: number): Promise<(number | string)[]> => {
  const outcomes: (number | string)[] = [];
  while (outcomes.length < times) outcomes.push(await append());
  return outcomes;
};
const filled = await appendTimes(80);
const [full] = await log.bounds('events');
await log.close();
process.stdout.write(JSON.stringify({ filled, full }));
