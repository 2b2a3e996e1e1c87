import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { MillraceError } from '#contracts/errors.ts';
import { cannotOpen } from './lmdb-outcome.ts';

export interface FolderLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Holds an existing folder for this process, or refuses with `data_folder_in_use`, or `log_unavailable` where it cannot be written. The operating system drops the lock
 * when the process ends in whatever way, so nothing stale is left and no pid is compared, which containers would share.
 * Node has no call for file locks; SQLite's own lock is one, and it also refuses a second holder inside one process.
 */
export function lockFolder(folder: string): FolderLock {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(join(folder, 'in-use.lock'), { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database?.close();
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) throw cannotOpen(folder, cause);
    throw new MillraceError(
      {
        code: 'data_folder_in_use',
        message: `Another process works in ${folder}. Stop it, or set another folder.`,
      },
      { cause },
    );
  }
  const held = database;
  return { release: () => held.close() };
}
