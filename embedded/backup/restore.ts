import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MillraceError } from '#contracts/errors.ts';
import { probeFolder } from '#platform/disk/probe-folder.ts';
import { lockFolder } from '#platform/log/lmdb/folder-lock.ts';
import { LOG_FILE } from '#platform/log/lmdb/lmdb-damage.ts';
import { logFolder, storeFolder } from '../data-folder.ts';
import { checkRoom, type Floors } from './check-room.ts';
import { copyFiles, syncFolder } from './copy-files.ts';
import { explainSystem } from './explain-system.ts';
import {
  type BackupFile,
  checkVersions,
  type DataVersions,
  INCOMPLETE_FILE,
  MANIFEST_FILE,
  type Manifest,
  readManifest,
} from './manifest.ts';

export interface RestoreOptions {
  /** The folder of a backup. */
  source: string;
  /** The data folder: without data, and no process works in it. */
  data: string;
  /** What this version reads. */
  versions: DataVersions;
  floors: Floors;
  /** Ends it; nothing is left of it then. */
  signal: AbortSignal;
}

/** What may lie in a data folder without being data. */
const NO_DATA = new Set(['in-use.lock', 'in-use.lock-journal', 'lost+found', '.probe', '.probe-renamed']);

/**
 * Makes a data folder of a backup. Rejects with `backup_unusable` for one that is incomplete, damaged or none, with `unsupported_format` for one of
 * a later version, with `folder_not_empty`, `data_folder_in_use` or `disk_full`; the folder is left as it was.
 */
export async function restore({ source, data, versions, floors, signal }: RestoreOptions): Promise<Manifest> {
  const manifest = await openBackup(source);
  checkVersions(manifest.versions, versions);
  await checkFiles(source, manifest.files);
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  await checkRoom({ folder: data, bytes, floors, what: 'The restore' });
  try {
    await probeFolder(logFolder(data));
    const lock = lockFolder(logFolder(data));
    try {
      await checkEmpty(data);
      await fill(data, { source, files: manifest.files, signal });
      return manifest;
    } finally {
      lock.release();
    }
  } catch (error) {
    throw explainSystem(error, 'The restore');
  }
}

async function fill(
  data: string,
  { source, files, signal }: Pick<RestoreOptions, 'source' | 'signal'> & Pick<Manifest, 'files'>,
): Promise<void> {
  const marker = join(data, INCOMPLETE_FILE);
  await writeFile(marker, 'A restore into this folder was not finished.\n', { flush: true });
  await syncFolder(data);
  try {
    const wanted = files.map(({ path, bytes }) => ({ from: join(source, path), path, bytes }));
    const copied = await copyFiles(wanted, data, signal);
    const changed = files.find(({ sha256 }, i) => copied[i]!.sha256 !== sha256);
    if (changed !== undefined)
      throw unusable(source, `${changed.path} was changed after the backup: its checksum differs`);
  } catch (error) {
    await rm(storeFolder(data), { recursive: true, force: true });
    await rm(join(logFolder(data), LOG_FILE), { force: true });
    await rm(marker);
    throw error;
  }
  await rm(marker);
  await syncFolder(data);
}

async function openBackup(source: string): Promise<Manifest> {
  const has = (name: string): Promise<boolean> =>
    stat(join(source, name)).then(
      () => true,
      () => false,
    );
  let text: string;
  try {
    text = await readFile(join(source, MANIFEST_FILE), 'utf8');
  } catch (error) {
    if (await has(INCOMPLETE_FILE)) throw unusable(source, 'the backup was not finished');
    if (await has(join('log', LOG_FILE)))
      throw unusable(
        source,
        `it is a data folder, or a part of a backup: it has no ${MANIFEST_FILE}. To use a data folder that was shut down cleanly, set MILLRACE_DATA to it; to back up one in use, run "npm run backup"`,
      );
    throw unusable(source, `it is not a backup: ${(error as Error).message}`);
  }
  if (await has(INCOMPLETE_FILE)) throw unusable(source, 'the backup was not finished');
  return readManifest(text);
}

/** Runs before anything is written; the refusal names the file that is missing or cut. */
async function checkFiles(source: string, files: readonly BackupFile[]): Promise<void> {
  if (!files.some(({ path }) => path === `log/${LOG_FILE}`))
    throw unusable(source, `${MANIFEST_FILE} lists no Log`);
  for (const { path, bytes } of files) {
    const found = await stat(join(source, path)).catch((error: NodeJS.ErrnoException) => error);
    if (found instanceof Error) throw unusable(source, `${path} is missing (${found.code})`);
    if (found.size !== bytes) throw unusable(source, `${path} has ${found.size} bytes instead of ${bytes}`);
  }
}

async function checkEmpty(data: string): Promise<void> {
  const inStore = await readdir(storeFolder(data)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const found = [...(await readdir(logFolder(data))), ...inStore].find((name) => !NO_DATA.has(name));
  if (found === undefined) return;
  throw new MillraceError({
    code: 'folder_not_empty',
    message: `The data folder ${resolve(data)} already holds data (${found}). Set MILLRACE_DATA to an empty folder, or move ${resolve(logFolder(data))} and ${resolve(storeFolder(data))} away first.`,
  });
}

const unusable = (source: string, why: string): MillraceError =>
  new MillraceError({ code: 'backup_unusable', message: `${resolve(source)} cannot be restored: ${why}.` });
