import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { MillraceError } from '#contracts/errors.ts';
import { fits } from '#contracts/schema/fits.ts';
import type { Schema, Static } from '#contracts/schema/schema.ts';
import { LOG_FILE } from './lmdb-damage.ts';

/** Lies in the folder from the start of a process to its orderly stop. */
export const MARKER_FILE = 'in-use.json';

const FULL = ['ENOSPC', 'EDQUOT'];

/** Distinguishes the folder that a process works in from a copy of it: a copy has other inode numbers. */
const PLACE = {
  type: 'object',
  required: ['log', 'marker'],
  properties: { log: { type: 'number' }, marker: { type: 'number' } },
} as const satisfies Schema;
type Place = Static<typeof PLACE>;

/**
 * Throws `data_folder_torn` where the folder is a copy of one in which a process worked, or was killed: files that were copied one after the
 * other, while they changed, are from different moments, and no engine finds out in every case. Files may also have been copied after that process had ended; only
 * people know, and they remove the marker.
 */
export function checkPlace(folder: string): void {
  const path = join(folder, MARKER_FILE);
  const [log, marker] = [numberOf(join(folder, LOG_FILE)), numberOf(path)];
  // A process was killed here before it had made its file.
  if (log === null || marker === null) return;
  const was = readPlace(path);
  if (was !== null && was.log === log && was.marker === marker) return;
  throw new MillraceError({
    code: 'data_folder_torn',
    message: `The folder ${folder} is a copy of a folder that was not shut down cleanly: it was copied while a process used it, or after that process had been killed.`,
  });
}

/** For the holder of the folder's lock, when its file is there. Where the disk is full there is no marker. */
export function markPlace(folder: string): void {
  const path = join(folder, MARKER_FILE);
  const whole = `${path}.new`;
  try {
    const file = openSync(whole, 'w', 0o600);
    try {
      const place: Place = { log: numberOf(join(folder, LOG_FILE)) ?? 0, marker: fstatSync(file).ino };
      writeSync(file, JSON.stringify(place));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    // At once: half a marker would look like that of a copy.
    renameSync(whole, path);
  } catch (error) {
    rmSync(whole, { force: true });
    rmSync(path, { force: true });
    if (!FULL.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** After an orderly stop everything may be copied. */
export const unmarkPlace = (folder: string): void => rmSync(join(folder, MARKER_FILE), { force: true });

function numberOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

/** Null where it cannot be read: its writer was killed, or a copy was cut short. */
function readPlace(path: string): Place | null {
  try {
    const place: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return fits(PLACE, place) ? place : null;
  } catch {
    return null;
  }
}
