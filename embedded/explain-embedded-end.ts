import { statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ErrorCode, MillraceError } from '#contracts/errors.ts';
import { MARKER_FILE } from '#platform/log/lmdb/place-marker.ts';
import { explainEnd } from '#platform/process/explain-end.ts';
import { logFolder, storeFolder } from './data-folder.ts';

/** Why the process of the embedded profile ends, and what to do about faults of the data folder: only it knows where everything lies. */
export const explainEmbeddedEnd = (error: unknown, data: string): string =>
  explainEnd(error, error instanceof MillraceError ? adviceFor(error.code, data) : '');

function adviceFor(code: ErrorCode, data: string): string {
  const [log, store] = [resolve(logFolder(data)), resolve(storeFolder(data))];
  if (code === 'log_identity_changed')
    return ` Put back the ${log} that belongs to ${store}; or move both away to start empty.`;
  if (code === 'log_damaged' || code === 'store_damaged')
    return ` A copy made while a process used the folder is inconsistent like this; "npm run backup" makes a consistent one. Restore ${log} and ${store} from the same backup; or move both away to start empty.`;
  if (code === 'data_folder_torn')
    return ` A copy of a folder in use is inconsistent, even if it starts; "npm run backup" makes a consistent one, also while the process runs, and "npm run restore" restores it. If you are certain that nothing used the folder while it was copied, delete ${join(log, MARKER_FILE)} and start again.`;
  if (code === 'position_out_of_bounds')
    return ` ${log} and ${store} do not belong together: restore both from the same backup; or move both away to start empty.`;
  if (code === 'data_folder_lost')
    return ` Put ${resolve(data)} back as it was, or start with another folder.`;
  if ((code === 'log_unavailable' || code === 'store_unavailable') && hasRoom(data))
    return ` If ${resolve(data)} is writable, ${log} or ${store} is inconsistent (for example a copy of a folder in use) or was written by a later version: restore both from the same backup ("npm run restore"), which "npm run backup" makes.`;
  if (code === 'disk_full' || code === 'log_unavailable' || code === 'store_unavailable')
    return ` Make sure that the disk of ${resolve(data)} has free space and is writable, then start again.`;
  return '';
}

/** Less than this an engine may need to begin, bytes. */
const ROOM = 50_000_000;

/** Whether lack of space can be ruled out. */
function hasRoom(data: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(data);
    return bavail * bsize >= ROOM;
  } catch {
    return false;
  }
}
