import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { MillraceError } from '#contracts/errors.ts';
import type { DiskGuard, DiskUse } from '#platform/disk/disk-guard.ts';
import { pinPath } from '#platform/disk/pinned-path.ts';
import type { PartitionWrite } from '../local/storage.ts';

/*
 * LMDB must never meet a full disk: when a write of it fails, lmdb 3.5 prints the reason into a buffer that is too short
 * for it (mdb_page_flush in mdb.c), and the damaged heap ends the process some commits later. So blocks are taken here, by
 * writes of zeros behind its last page, before a commit that may need them: a failure is then an ordinary error of ours,
 * and LMDB only writes where there is room already. It takes a file that is longer than its pages as it is.
 */

const FILE = 'data.mdb';
export const PAGE = 4_096;
/** Bytes that are always left for commits that free space. */
export const HEADROOM = 4_000_000;
/** Taken beyond the need, so that few commits have to take any. */
const STEP = 4_000_000;
const ZEROS = Buffer.alloc(1_000_000);
/** A value above it lies in pages of its own; a smaller one in a leaf, which is half full at least. */
const IN_LEAF = 2_000;
/** The path from the root, the list of free pages and the partition's state. */
const PAGES_PER_PARTITION = 24;

/** Bytes that LMDB may take for these writes at most, if no free page fits. */
export function mostBytes(writes: readonly PartitionWrite[]): number {
  let bytes = 0;
  for (const { records, dropFrom, dropTo, dropBytes } of writes) {
    bytes += PAGES_PER_PARTITION * PAGE;
    for (const { length } of records)
      bytes += length > IN_LEAF ? (Math.ceil((length + 16) / PAGE) + 1) * PAGE : 2 * (length + 32);
    const dropped = dropTo - dropFrom;
    // Leaves are copied before keys go from them, and what is free now is listed.
    bytes += 2 * Math.min(dropBytes + 32 * dropped, IN_LEAF * dropped) + dropBytes / 128;
  }
  return Math.ceil(bytes);
}

/** The file of an LMDB environment, kept long enough for the next commits. */
export interface LmdbReserve {
  /**
   * Resolves when a commit may take `bytes`. Rejects with `disk_full`, `data_folder_lost` or `log_unavailable`;
   * nothing was changed for LMDB then.
   */
  hold(bytes: number, use: DiskUse): Promise<void>;
  /** Throws `data_folder_lost` when what was written just now lies in a file that is no longer at its path. */
  checkPlace(): void;
  close(): Promise<void>;
}

export interface ReserveOptions {
  folder: string;
  guard: DiskGuard | null;
  /** Where LMDB's last page ends now, bytes. */
  end: () => number;
}

/** For an environment that is open. */
export async function openLmdbReserve({ folder, guard, end }: ReserveOptions): Promise<LmdbReserve> {
  const path = join(folder, FILE);
  const file = await open(path, 'r+');
  const place = pinPath(path, 'Log');
  guard?.pin(place);
  /** Up to here there are blocks. */
  let reserved = (await file.stat()).size;
  /** The end at the last look and all that was held since: it is not beyond. To ask for it costs more than the rest. */
  let most = end();
  let holding: Promise<void> = Promise.resolve();

  const reserveUpTo = async (to: number): Promise<void> => {
    try {
      // Never over the part in use, whatever was expected.
      let at = Math.max(reserved, end());
      while (at < to) at += (await file.write(ZEROS, 0, Math.min(ZEROS.length, to - at), at)).bytesWritten;
      // Some file systems find out only here.
      await file.datasync();
      reserved = at;
    } catch (cause) {
      throw cannotTake(cause as NodeJS.ErrnoException);
    }
  };
  const grow = async (bytes: number, use: DiskUse): Promise<void> => {
    place.check();
    const beside = bytes + (use === 'upkeep' ? 0 : HEADROOM);
    if (most + beside > reserved) most = end();
    const needed = most + beside;
    most += bytes;
    if (needed <= reserved) return;
    if (use === 'upkeep') return reserveUpTo(needed);
    await guard?.ensureRoom(needed + STEP - reserved, use);
    // The step is for later; there may be room for the need all the same.
    await reserveUpTo(needed + STEP).catch(() => reserveUpTo(needed));
  };
  return {
    hold(bytes, use) {
      // One at a time: zeros that come late would lie over what was written meanwhile.
      const turn = holding.then(() => grow(bytes, use));
      holding = turn.catch(() => {});
      return turn;
    },
    checkPlace: place.check,
    close: () => file.close(),
  };
}

function cannotTake(cause: NodeJS.ErrnoException): MillraceError {
  const isFull = cause.code !== undefined && ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(cause.code);
  const message = isFull
    ? `The disk of the Log has no room for more: ${cause.message}. It continues by itself when there is.`
    : `The Log cannot be written: ${cause.message}.`;
  return new MillraceError({ code: isFull ? 'disk_full' : 'log_unavailable', message }, { cause });
}
