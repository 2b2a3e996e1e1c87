import { mkdir } from 'node:fs/promises';
import type { DiskGuard } from '#platform/disk/disk-guard.ts';
import { type Clock, systemClock } from '#platform/process/clock.ts';
import { lockFolder } from './folder-lock.ts';
import { cannotOpen } from './lmdb-outcome.ts';
import { appendUse, openLmdbStorage } from './lmdb-storage.ts';
import { createLocalLog, LOCAL_LOG_DEFAULTS, type LocalLog } from './local-log.ts';
import type { BatchLimits } from './partition.ts';

export interface LmdbLogOptions {
  /** Created where it is missing; one process at a time works in it. */
  folder: string;
  /** Default: the system's. */
  clock?: Clock;
  batch?: BatchLimits;
  /** Looks after the disk. Default: records are taken down to the last byte. */
  guard?: DiskGuard;
  /** What a run of retention failed with; the next one tries again. Default: a warning of the process. */
  onExpireError?: (error: unknown) => void;
}

/**
 * The Log of one process, in LMDB. Rejects with MillraceError `data_folder_in_use`, `unsupported_format`,
 * `log_damaged` or, where nothing can be written, `log_unavailable` or `disk_full`.
 * The file does not shrink when records go: their pages are used again. On a full disk appends reject with `disk_full`
 * and nothing is lost; what retention drops still goes.
 */
export async function openLmdbLog({
  folder,
  clock,
  batch,
  guard,
  onExpireError,
}: LmdbLogOptions): Promise<LocalLog> {
  await mkdir(folder, { recursive: true });
  const lock = lockFolder(folder);
  try {
    const storage = await openLmdbStorage(folder, guard);
    const close = async (): Promise<void> => {
      guard?.close();
      await storage.close();
      lock.release();
    };
    return createLocalLog(
      { ...storage, close },
      {
        ...LOCAL_LOG_DEFAULTS,
        clock: clock ?? systemClock,
        checkAppend: (topic) => guard?.check(appendUse(topic)),
        batch: batch ?? LOCAL_LOG_DEFAULTS.batch,
        onExpireError: onExpireError ?? LOCAL_LOG_DEFAULTS.onExpireError,
      },
    );
  } catch (error) {
    lock.release();
    throw cannotOpen(folder, error);
  }
}
