import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { eventually, textOf } from '../log-harness.conformance.ts';
import { openLmdbLog } from './lmdb-log.ts';

const WRITER = fileURLToPath(new URL('../testing/crash-writer.ts', import.meta.url));

/** Runs the writer on the folder, kills it after `acks` acknowledged records, returns the highest acknowledged offsets. */
async function writeAndKill(folder: string, acks: number): Promise<number[]> {
  const child = spawn(process.execPath, [WRITER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const highest = [-1, -1];
  let count = 0;
  for await (const line of createInterface(child.stdout)) {
    const [partition, offset] = line.split(' ').map(Number);
    highest[partition!] = Math.max(highest[partition!]!, offset!);
    if (++count === acks) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return highest;
}

it('keeps an unbroken prefix with everything acknowledged, kill after kill', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-log-'));
  for (const acks of [1, 40, 333]) {
    const acknowledged = await writeAndKill(folder, acks);
    const log = await openLmdbLog({ folder });
    for (const { partition, start, end } of await log.bounds('events')) {
      expect(start).toBe(0);
      expect(end).toBeGreaterThan(acknowledged[partition]!);
      const found: string[] = [];
      const tail = await log.tail(
        'events',
        partition,
        0,
        (records) => void found.push(...records.map((r) => textOf(r).split(' ', 2).join(' '))),
        (error) => found.push(String(error)),
      );
      await eventually(() => expect(found.length).toBeGreaterThanOrEqual(end));
      expect(found).toEqual(Array.from({ length: end }, (_, i) => `${partition} ${i}`));
      await tail.close();
    }
    await log.close();
  }
  await rm(folder, { recursive: true });
}, 60_000);

it('refuses a folder that another process works in, and takes it once that one is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-log-'));
  const child = spawn(process.execPath, [WRITER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await expect(openLmdbLog({ folder })).rejects.toMatchObject({ code: 'data_folder_in_use' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await (await openLmdbLog({ folder })).close();
  await rm(folder, { recursive: true });
}, 60_000);
