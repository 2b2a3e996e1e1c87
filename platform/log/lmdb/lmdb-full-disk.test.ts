import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { recordOf } from '../log-harness.conformance.ts';
import { openLmdbLog } from './lmdb-log.ts';

const WRITER = fileURLToPath(new URL('../testing/full-disk-writer.ts', import.meta.url));

it('refuses what the disk cannot hold, keeps the process, and loses nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-log-'));
  // POSIX counts in 512 bytes: 8 MB, half of it headroom; some shells in 1,024.
  const limited = ['-c', 'ulimit -f 16000 && exec "$0" "$@"', process.execPath, WRITER, folder];
  // An unhandled rejection would end the child with 1, and this call with it.
  const { stdout } = await promisify(execFile)('sh', limited);
  const { filled, full } = JSON.parse(stdout);
  const taken = filled.filter((outcome: number | string) => typeof outcome === 'number');
  expect(taken.length).toBeGreaterThan(5);
  expect(filled).toEqual([
    ...taken.map((_: number, i: number) => i),
    ...Array.from({ length: 80 - taken.length }, () => 'disk_full'),
  ]);
  expect(taken.length).toBeLessThan(70);
  expect(full).toEqual({ partition: 0, start: 0, end: taken.length });
  // Without the bound, another process finds it whole and goes on.
  const log = await openLmdbLog({ folder });
  expect(await log.bounds('events')).toEqual([full]);
  expect(await log.append('events', 0, [recordOf('after')])).toEqual([taken.length]);
  await log.close();
  await rm(folder, { recursive: true });
}, 60_000);
