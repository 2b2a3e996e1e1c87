import { mkdir } from 'node:fs/promises';
import type { DiskGuard } from '#platform/disk/disk-guard.ts';
import { type Clock, systemClock } from '#platform/process/clock.ts';
import { createLocalLog, LOCAL_LOG_DEFAULTS, type LocalLog } from '../local/local-log.ts';
import type { BatchLimits } from '../local/local-partition.ts';
import { lockFolder } from './folder-lock.ts';
import { cannotOpen } from './lmdb-outcome.ts';
import type { LogSnapshot } from './lmdb-snapshot.ts';
import { appendUse, openLmdbStorage } from './lmdb-storage.ts';
import { checkPlace, markPlace, unmarkPlace } from './place-marker.ts';

export interface LmdbLogOptions {
  /** Created where it is missing; one process at a time works in it. */
  folder: string;
  /** Default: the system's. */
  clock?: Clock;
  batch?: BatchLimits;
  /** Watches the disk. Default: records are taken down to the last byte. */
  guard?: DiskGuard;
  /** What a run of retention failed with; the next one tries again. Default: a warning of the process. */
  onExpireError?: (error: unknown) => void;
}

export interface LmdbLog extends LocalLog {
  /** Pins what is durable now, so that its file can be copied while appends go on; until it is released the file grows by all that is written. */
  snapshot(): Promise<LogSnapshot>;
}

/**
 * The Log of one process, in LMDB. Rejects with MillraceError `data_folder_in_use`, `data_folder_torn`, `unsupported_format`,
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
}: LmdbLogOptions): Promise<LmdbLog> {
  await mkdir(folder, { recursive: true });
  const lock = lockFolder(folder);
  try {
    checkPlace(folder);
    const storage = await openLmdbStorage(folder, guard);
    markPlace(folder);
    const close = async (): Promise<void> => {
      guard?.close();
      await storage.close();
      try {
        unmarkPlace(folder);
      } finally {
        lock.release();
      }
    };
    const log = createLocalLog(
      { ...storage, close },
      {
        ...LOCAL_LOG_DEFAULTS,
        clock: clock ?? systemClock,
        checkAppend: (topic) => guard?.check(appendUse(topic)),
        batch: batch ?? LOCAL_LOG_DEFAULTS.batch,
        onExpireError: onExpireError ?? LOCAL_LOG_DEFAULTS.onExpireError,
      },
    );
    return { ...log, snapshot: storage.snapshot };
  } catch (error) {
    lock.release();
    throw cannotOpen(folder, error);
  }
}
