import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeLog } from '../log.conformance.ts';
import { recordOf, SPECS } from '../log-harness.conformance.ts';
import { openLmdbLog } from './lmdb-log.ts';

const createFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'millrace-log-'));

describeLog('LMDB', async () => {
  const folder = await createFolder();
  const log = await openLmdbLog({ folder });
  const dispose = async () => {
    await log.close();
    await rm(folder, { recursive: true });
  };
  return { log, other: log, dispose };
});

describe('openLmdbLog', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await createFolder();
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is refused a folder in use, and gets it when the other has closed', async () => {
    const first = await openLmdbLog({ folder });
    await expect(openLmdbLog({ folder })).rejects.toMatchObject({ code: 'data_folder_in_use' });
    await first.ensureTopics(SPECS);
    await first.append('updates', 0, [recordOf('a')]);
    await first.close();
    const second = await openLmdbLog({ folder });
    expect(await second.bounds('updates')).toEqual([{ partition: 0, start: 0, end: 1 }]);
    await second.close();
  });

  it('goes on after a restart where it was: topics, records, offsets', async () => {
    const first = await openLmdbLog({ folder, clock: () => 1_000 });
    await first.ensureTopics(SPECS);
    await first.append('events', 2, [recordOf('a'), recordOf('b')]);
    await first.close();
    const second = await openLmdbLog({ folder });
    expect(await second.append('events', 2, [recordOf('c')])).toEqual([2]);
    const texts: unknown[] = [];
    await second.tail(
      'events',
      2,
      0,
      (r) => void texts.push(...r.map((x) => [x.offset, `${Buffer.from(x.value)}`])),
      () => {},
    );
    await expect
      .poll(() => texts)
      .toEqual([
        [0, 'a'],
        [1, 'b'],
        [2, 'c'],
      ]);
    await second.close();
  });
});
