import { chmod, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { MillraceError } from '#contracts/errors.ts';
import { probeFolder } from '#platform/disk/probe-folder.ts';
import { lockFolder } from '#platform/log/lmdb/folder-lock.ts';
import { LOG_FILE } from '#platform/log/lmdb/lmdb-damage.ts';
import { checkPlace } from '#platform/log/lmdb/place-marker.ts';
import { logFolder, storeFolder } from '../data-folder.ts';
import { askForHold } from './ask-control.ts';
import { checkRoom, type Floors } from './check-room.ts';
import { copyFiles, type FileToCopy, syncFolder } from './copy-files.ts';
import { explainSystem } from './explain-system.ts';
import {
  type DataVersions,
  INCOMPLETE_FILE,
  MANIFEST_FILE,
  type Manifest,
  writeManifest,
} from './manifest.ts';

export interface BackupOptions {
  /** The data folder; a process may work in it. */
  data: string;
  /** Where the backup goes: a folder that is empty, or not there yet. */
  target: string;
  versions: DataVersions;
  floors: Floors;
  /** Ends it; nothing is left of it then. */
  signal: AbortSignal;
}

/** Files that mean nothing once the process has ended. */
const PASSING = new Set(['status', 'tmp', 'shadow', 'lost+found']);

/** Data that does not change while held: its files, and how to release it. */
interface Source {
  files: FileToCopy[];
  lost: AbortSignal | null;
  /** Rejects if the data has changed. */
  end(): Promise<void>;
  drop(): void;
}

/**
 * Copies what a data folder holds, whether a process works in it or not: every event that was acknowledged before the call is in the copy. Rejects with
 * `folder_not_empty`, `disk_full`, `backup_running`, `backup_interrupted`, `data_folder_in_use`, `data_folder_torn` or `invalid_settings`.
 */
export async function backUp(options: BackupOptions): Promise<Manifest> {
  const { data, versions, floors, signal } = options;
  const target = resolve(options.target);
  await checkData(data);
  checkApart(data, target);
  const isNew = await checkTarget(target);
  const made = new Date().toISOString();
  const source = await hold(data);
  let isWhole = false;
  try {
    const bytes = source.files.reduce((sum, file) => sum + file.bytes, 0);
    await checkRoom({ folder: target, bytes, floors, what: 'The backup' });
    await probeFolder(target);
    await chmod(target, 0o700);
    await writeFile(join(target, INCOMPLETE_FILE), 'This backup was not finished, and cannot be restored.\n');
    const ends = source.lost === null ? signal : AbortSignal.any([signal, source.lost]);
    const files = await copyFiles(source.files, target, ends);
    await source.end();
    const manifest: Manifest = { made, versions, files };
    await writeFile(join(target, MANIFEST_FILE), writeManifest(manifest), { mode: 0o600, flush: true });
    await rm(join(target, INCOMPLETE_FILE));
    await syncFolder(target);
    isWhole = true;
    return manifest;
  } catch (error) {
    throw explainSystem(error, 'The backup');
  } finally {
    source.drop();
    if (!isWhole) await removeWritten(target, isNew);
  }
}

async function hold(data: string): Promise<Source> {
  const held = await askForHold(data);
  if (held !== null) {
    const { log, storeFolder: frozen, lost, end, drop } = held;
    try {
      const logPart = { from: log.file, path: `log/${LOG_FILE}`, bytes: log.bytes, head: log.head };
      return { files: [logPart, ...(await filesBelow(frozen, 'store'))], lost, end, drop };
    } catch (error) {
      drop();
      throw error;
    }
  }
  return holdAtRest(data);
}

/** While nothing runs; the lock keeps it so. */
async function holdAtRest(data: string): Promise<Source> {
  const lock = lockFolder(logFolder(data));
  try {
    checkPlace(logFolder(data));
    const file = join(logFolder(data), LOG_FILE);
    const logPart = { from: file, path: `log/${LOG_FILE}`, bytes: (await stat(file)).size };
    const files = [logPart, ...(await filesBelow(storeFolder(data), 'store', PASSING))];
    return { files, lost: null, end: async () => {}, drop: lock.release };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Regular files in order; links are the engine's own, which it recreates. */
async function filesBelow(
  folder: string,
  path: string,
  except: ReadonlySet<string> = new Set(),
): Promise<FileToCopy[]> {
  const files: FileToCopy[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const [from, to] = [join(folder, entry.name), `${path}/${entry.name}`];
    if (except.has(entry.name)) continue;
    if (entry.isDirectory()) files.push(...(await filesBelow(from, to)));
    else if (entry.isFile()) files.push({ from, path: to, bytes: (await stat(from)).size });
  }
  return files;
}

async function checkData(data: string): Promise<void> {
  const found = await stat(join(logFolder(data), LOG_FILE)).catch((error: NodeJS.ErrnoException) => error);
  if (!(found instanceof Error)) return;
  throw new MillraceError({
    code: 'invalid_settings',
    field: 'MILLRACE_DATA',
    message: `There is no Millrace data in ${resolve(data)}: ${found.message}. Set MILLRACE_DATA to the data folder of the process.`,
  });
}

function checkApart(data: string, target: string): void {
  const isIn = (inner: string, outer: string): boolean => {
    const way = relative(outer, inner);
    return way === '' || !(way === '..' || way.startsWith(`..${sep}`));
  };
  if (!isIn(target, resolve(data)) && !isIn(resolve(data), target)) return;
  throw new MillraceError({
    code: 'invalid_settings',
    message: `The backup would go to ${target}, and the data is in ${resolve(data)}: neither may be inside the other.`,
  });
}

/** Returns whether the target is still to be made. */
async function checkTarget(target: string): Promise<boolean> {
  const found = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new MillraceError(
      { code: 'folder_not_empty', message: `The backup cannot go to ${target}: ${error.message}.` },
      { cause: error },
    );
  });
  if (found === null) return true;
  const [first] = found.filter((name) => name !== 'lost+found');
  if (first === undefined) return false;
  throw new MillraceError({
    code: 'folder_not_empty',
    message: `The backup needs a folder of its own, and ${target} already holds ${first}. Name one that is empty or does not exist yet.`,
  });
}

/** All there is but what was there before is ours. */
async function removeWritten(target: string, isNew: boolean): Promise<void> {
  if (isNew) {
    await rm(target, { recursive: true, force: true });
    return;
  }
  for (const name of ['log', 'store', MANIFEST_FILE, INCOMPLETE_FILE])
    await rm(join(target, name), { recursive: true, force: true });
}
