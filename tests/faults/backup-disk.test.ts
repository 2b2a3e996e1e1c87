import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { refusalOf, useBackups } from '../../embedded/backup/testing/use-backups.ts';
import { useSmallDisk } from '../testing/small-disk.ts';

const backups = useBackups();
const disk = useSmallDisk();
/** Files of one byte, which take a page each: more than their sizes suggest. */
const FILES = 3_000;

async function makeFiles(): Promise<void> {
  const folder = join(backups.data, 'store', 'store');
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < FILES; i++) await writeFile(join(folder, `${i}`), 'x');
}

it('a target that fills up while it is written: reported, and nothing is left of it', async ({ skip }) => {
  await makeFiles();
  const missing = await disk.mount(backups.target, 10e6);
  if (missing !== null) return skip(missing);
  expect(await refusalOf(backups.back())).toMatch(/^disk_full: The backup did not finish/);
  expect(await readdir(backups.target)).toEqual([]);
});

it('a data folder that fills up while it is restored: reported, and it is without data', async ({ skip }) => {
  await makeFiles();
  await backups.back();
  const data = join(backups.root, 'new');
  const missing = await disk.mount(data, 10e6);
  if (missing !== null) return skip(missing);
  expect(await refusalOf(backups.restoreTo(data))).toMatch(/^disk_full: The restore did not finish/);
  expect(await readdir(data)).toEqual(['log']);
  await disk.resize(100e6);
  await backups.restoreTo(data);
});
