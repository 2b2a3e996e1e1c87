import { readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MillraceError } from '#contracts/errors.ts';
import { closeToOthers } from '#platform/disk/close-to-others.ts';
import { probeFolder } from '#platform/disk/probe-folder.ts';
import { INCOMPLETE_FILE } from './backup/manifest.ts';

/** Where the Log and the Store of the embedded profile lie inside the data folder. */
export const logFolder = (data: string): string => join(data, 'log');
export const storeFolder = (data: string): string => join(data, 'store');

/** ms that a file system may take for all of it. */
const DEADLINE = 10_000;

/** The file system does not answer: threads of this process wait for it, and an orderly exit would wait for them. */
export class SilentFolder extends MillraceError {}

/**
 * Creates the folders, closes them to other users and tries them out; rejects with `invalid_settings`, in words for
 * people, where they cannot be used.
 */
export async function prepareDataFolder(data: string, deadline = DEADLINE): Promise<void> {
  const advice = 'Make it writable for this user, or set MILLRACE_DATA to another folder.';
  const unusable = (why: string): { code: 'invalid_settings'; field: string; message: string } => ({
    code: 'invalid_settings',
    field: 'MILLRACE_DATA',
    message: `The data folder ${resolve(data)} cannot be used: ${why}. ${advice}`,
  });
  let late: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    const error = new SilentFolder(unusable(`its file system does not answer within ${deadline / 1_000} s`));
    late = setTimeout(() => reject(error), deadline);
  });
  try {
    await Promise.race([prepare(data), silence]);
  } catch (cause) {
    throw cause instanceof MillraceError
      ? cause
      : new MillraceError(unusable((cause as Error).message), { cause });
  } finally {
    clearTimeout(late);
  }
}

async function prepare(data: string): Promise<void> {
  await checkOwn(data);
  for (const folder of [data, logFolder(data), storeFolder(data)]) await probeFolder(folder);
  for (const folder of [logFolder(data), storeFolder(data)]) await checkFiles(folder);
  await closeToOthers(data, [logFolder(data), storeFolder(data)]);
}

/** What our folders contain if they are ours; all else in them belongs to the engines. */
const OWN = {
  log: ['data.mdb', 'lock.mdb', 'in-use.lock'],
  store: ['store', 'metadata', 'data', 'status', 'shadow', 'tmp'],
} as const;
/** What may be in a folder that holds nothing yet. */
const EMPTY = new Set(['lost+found', '.probe', '.probe-renamed']);

/** Before anything is changed in it: a folder that another program works in has folders of these names as well, such as /var. */
async function checkOwn(data: string): Promise<void> {
  for (const [name, folder] of [
    ['log', logFolder(data)],
    ['store', storeFolder(data)],
  ] as const) {
    const found = (await listFolder(folder)).filter((entry) => !EMPTY.has(entry));
    const own: readonly string[] = OWN[name];
    if (found.length === 0 || found.some((entry) => own.includes(entry))) continue;
    throw new MillraceError({
      code: 'invalid_settings',
      field: 'MILLRACE_DATA',
      message: `The data folder ${resolve(data)} cannot be used: ${folder} seems to belong to another program: it holds ${found[0]}, and nothing from Millrace. Nothing was changed. Set MILLRACE_DATA to another folder.`,
    });
  }
  if ((await listFolder(data)).includes(INCOMPLETE_FILE))
    throw new MillraceError({
      code: 'data_folder_torn',
      message: `A restore into ${resolve(data)} was interrupted. Delete its contents, then restore again.`,
    });
}

const listFolder = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });

/** An engine that opens a pipe in place of its file waits for ever. */
async function checkFiles(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const found = await stat(join(folder, name));
    if (!found.isFile() && !found.isDirectory()) throw new Error(`${join(folder, name)} is not a file`);
  }
}

/** Deletes what Millrace keeps in the folder, and nothing else there. Log and Store must be closed. */
export async function emptyDataFolder(data: string): Promise<void> {
  for (const folder of [storeFolder(data), logFolder(data)])
    await rm(folder, { recursive: true, force: true });
}
