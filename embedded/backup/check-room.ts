import { dirname, resolve } from 'node:path';
import { MillraceError } from '#contracts/errors.ts';
import { formatBytes, measureSpace, type Space } from '#platform/disk/space.ts';

/** As the process keeps it: free bytes, and the same as a share of the disk in percent, of which the smaller counts. */
export interface Floors {
  bytes: number;
  share: number;
}

export interface RoomNeeded {
  folder: string;
  bytes: number;
  floors: Floors;
  /** What needs it, for people. */
  what: string;
}

/** Rejects with `disk_full` unless writing `bytes` leaves the floor free on the folder's disk; the folder need not exist yet. */
export async function checkRoom({ folder, bytes, floors, what }: RoomNeeded): Promise<void> {
  const { total, free } = await measureNear(folder);
  const floor = Math.min(floors.bytes, (total * floors.share) / 100);
  if (free - bytes >= floor) return;
  throw new MillraceError({
    code: 'disk_full',
    message: `${what} needs ${formatBytes(bytes)}, but the disk of ${folder} has ${formatBytes(free)} free, of which ${formatBytes(floor)} must stay free (MILLRACE_DISK_FLOOR). Nothing was written.`,
  });
}

/** Of the nearest folder above that is there. */
async function measureNear(folder: string): Promise<Space> {
  const parent = dirname(resolve(folder));
  return measureSpace(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && parent !== resolve(folder)) return measureNear(parent);
    throw error;
  });
}
