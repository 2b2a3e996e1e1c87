import { randomBytes } from 'node:crypto';
import { appendFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writtenEnd } from '../../platform/log/testing/written-end.ts';
import { eventually } from '../testing/eventually.ts';
import { countHits, defineHits, idsOf, sendHits } from './hits.ts';
import { useMillrace } from './use-millrace.ts';

const millrace = useMillrace();
const EVENTS = 2_000;

/*
 * What LMDB guarantees is described in platform/log/lmdb/lmdb-damage.ts: a torn last write is beyond the last commit, and
 * costs nothing; a file that ends before the last commit was damaged from outside, and is refused.
 */

/** Sends events until they are acknowledged, and kills the process while more are in flight; returns the log's file. */
async function runAndKill(): Promise<string> {
  const { url, kill } = await millrace.start();
  await defineHits(url);
  expect(await sendHits(url, idsOf('a', EVENTS), 200)).toMatchObject({ status: 200 });
  const underWay = sendHits(url, idsOf('b', EVENTS), 200).catch(() => null);
  await kill();
  await underWay;
  return join(millrace.data, 'log', 'data.mdb');
}

it('a last write that was torn: opens with everything acknowledged, and goes on', async () => {
  const file = await runAndKill();
  // Pages of a transaction that never got its meta page, the last of them in part.
  await appendFile(file, randomBytes(3 * 4_096 + 1_234));
  const { url } = await millrace.start();
  expect(await sendHits(url, [...idsOf('b', EVENTS), 'c'])).toMatchObject({ status: 200 });
  await eventually(
    () => countHits(url),
    (n) => n === 2 * EVENTS + 1,
  );
});

it('a file that has lost its end: refused, twice, and says what to do', async () => {
  const file = await runAndKill();
  const size = await writtenEnd(file);
  await truncate(file, Math.floor((size * 0.5) / 4_096) * 4_096);
  for (let start = 0; start < 2; start++) {
    const words = await millrace.start().then(
      () => 'It started.',
      (error: Error) => error.message,
    );
    expect(words).toMatch(/^It ended with 1:/);
    expect(words).toMatch(/^Millrace: The log's file .*data\.mdb is damaged: .*\(log_damaged\)$/m);
    expect(words).toMatch(/Restore .* from the same backup; or move both away to start empty/);
    expect(words).not.toContain('    at ');
  }
});
