import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLmdbLog } from '#platform/log/lmdb/lmdb-log.ts';
import { eventually } from '../testing/eventually.ts';
import { countHits, defineHits, idsOf, sendHits } from './hits.ts';
import { useMillrace } from './use-millrace.ts';

const HOUR = 3_600_000;
const millrace = useMillrace();
const refusal = (): Promise<string> =>
  millrace.start().then(
    () => 'It started.',
    (error: Error) => error.message,
  );

/** Runs until 2,000 events are counted and committed, then stops in order or by kill -9. */
async function runOnce(): Promise<void> {
  const { url, stop } = await millrace.start();
  await defineHits(url);
  for (const part of ['a', 'b'])
    expect(await sendHits(url, idsOf(part, 1_000))).toMatchObject({ status: 200 });
  await eventually(
    () => countHits(url),
    (n) => n === 2_000,
  );
  expect(await stop()).toBe(0);
}

it('store removed while stopped: everything is rebuilt from the Log, and further events are counted', async () => {
  await runOnce();
  await rm(join(millrace.data, 'store'), { recursive: true });
  const { url } = await millrace.start();
  // Repeats of what the Log holds are distinguished from new events although the archive was gone.
  expect(await sendHits(url, [...idsOf('a', 100), ...idsOf('c', 100)])).toMatchObject({ status: 200 });
  await eventually(
    () => countHits(url),
    (n) => n === 2_100,
  );
});

it('store removed while stopped, and the Log no longer holds everything: refused, and says what to do', async () => {
  await runOnce();
  const folder = join(millrace.data, 'log');
  const log = await openLmdbLog({ folder, clock: () => Date.now() + 48 * HOUR });
  await log.expire();
  const bounds = await log.bounds('events');
  await log.close();
  expect(bounds.some(({ start }) => start > 0)).toBe(true);
  await rm(join(millrace.data, 'store'), { recursive: true });
  const words = await refusal();
  expect(words).toMatch(/^It ended with 1:/);
  expect(words).toMatch(
    /^Millrace: Partition \d would continue at offset 0, but .*\(position_out_of_bounds\)$/m,
  );
  expect(words).toMatch(/restore both from the same backup; or move both away to start empty/);
  expect(words).not.toContain('    at ');
});

it('log removed while the store remains: refused, and says what to do; with the log back it goes on', async () => {
  await runOnce();
  const log = join(millrace.data, 'log');
  await rename(log, `${log}-aside`);
  const words = await refusal();
  expect(words).toMatch(/^Millrace: .*Put back the .*\(log_identity_changed\)$/m);
  expect(words).not.toContain('    at ');
  await rm(log, { recursive: true });
  await rename(`${log}-aside`, log);
  const { url } = await millrace.start();
  await eventually(
    () => countHits(url),
    (n) => n === 2_000,
  );
});
