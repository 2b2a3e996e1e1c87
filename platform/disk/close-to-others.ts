import type { Dirent } from 'node:fs';
import { chmod, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Rights of the group and of others. */
const OTHERS = 0o077;
/** What may be beside our folders in one that is ours alone. */
const BESIDE = new Set(['lost+found', '.probe', 'control.sock']);

/**
 * Takes all rights of the group and of others from our folders and what is in them, and from `data` around them where it
 * holds nothing else: it may be a folder that others use too. New files follow the process's umask. Where the folder
 * belongs to another user it stays as its owner has set it.
 */
export async function closeToOthers(data: string, ours: readonly string[]): Promise<void> {
  for (const folder of ours) await closeFolder(folder);
  const known = new Set([...BESIDE, ...ours.map((folder) => basename(folder))]);
  if ((await readdir(data)).every((name) => known.has(name))) await close(data);
}

/** The folder itself last: until then the next start does it again. */
async function closeFolder(folder: string): Promise<void> {
  if (((await stat(folder)).mode & OTHERS) === 0) return;
  for (const entry of await readdir(folder, { withFileTypes: true }))
    await closeEntry(join(folder, entry.name), entry);
  await close(folder);
}

async function closeEntry(path: string, entry: Dirent): Promise<void> {
  if (entry.isDirectory()) await closeFolder(path);
  else if (entry.isFile()) await close(path);
}

async function close(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & OTHERS) === 0) return;
  await chmod(path, mode & 0o7700).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPERM' && error.code !== 'EROFS') throw error;
  });
}
