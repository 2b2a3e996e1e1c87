import { readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MillraceError } from '#contracts/errors.ts';
import { closeToOthers } from '#platform/disk/close-to-others.ts';
import { probeFolder } from '#platform/disk/probe-folder.ts';

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
    throw cause instanceof SilentFolder
      ? cause
      : new MillraceError(unusable((cause as Error).message), { cause });
  } finally {
    clearTimeout(late);
  }
}

async function prepare(data: string): Promise<void> {
  for (const folder of [data, logFolder(data), storeFolder(data)]) await probeFolder(folder);
  for (const folder of [logFolder(data), storeFolder(data)]) await checkFiles(folder);
  await closeToOthers(data, [logFolder(data), storeFolder(data)]);
}

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
