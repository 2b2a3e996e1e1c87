import { constants } from 'node:fs';
import { access, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MillraceError } from '#contracts/errors.ts';

/** Where the Log and the Store of the embedded profile lie inside the data folder. */
export const logFolder = (data: string): string => join(data, 'log');
export const storeFolder = (data: string): string => join(data, 'store');

/** Creates the folders; rejects with `invalid_settings`, in words for people, where they cannot be used. */
export async function prepareDataFolder(data: string): Promise<void> {
  try {
    for (const folder of [data, logFolder(data), storeFolder(data)]) {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    }
  } catch (cause) {
    const message =
      `The data folder ${resolve(data)} cannot be used: ${(cause as Error).message}. Make it writable for this user, ` +
      'or set MILLRACE_DATA to another folder.';
    throw new MillraceError({ code: 'invalid_settings', field: 'MILLRACE_DATA', message }, { cause });
  }
}

/** Deletes what Millrace keeps in the folder, and nothing else there. Log and Store must be closed. */
export async function emptyDataFolder(data: string): Promise<void> {
  for (const folder of [storeFolder(data), logFolder(data)])
    await rm(folder, { recursive: true, force: true });
}
