import { resolve } from 'node:path';
import { type ErrorCode, MillraceError } from '#contracts/errors.ts';
import { logFolder, storeFolder } from './data-folder.ts';

/** What to do about faults of the data folder, of which only the embedded profile knows where everything lies. */
function adviceFor(code: ErrorCode, data: string): string {
  const [log, store] = [resolve(logFolder(data)), resolve(storeFolder(data))];
  if (code === 'log_identity_changed')
    return ` Put back the ${log} that was there together with ${store}; or move both away to begin with nothing.`;
  if (code === 'log_damaged')
    return ` Put back ${log} and ${store} from one backup; or move both away to begin with nothing.`;
  if (code === 'position_out_of_bounds')
    return ` ${log} and ${store} do not belong together: put both back from one backup; or move both away to begin with nothing.`;
  if (code === 'log_unavailable' || code === 'store_unavailable')
    return ` See that the disk of ${resolve(data)} has space and can be written, then start again.`;
  return '';
}

/** Why the process ends: one clear line for what is known; the whole stack for a bug. */
export function explainEnd(error: unknown, data: string): string {
  if (error instanceof MillraceError) {
    return `Millrace: ${error.message}${adviceFor(error.code, data)} (${error.code})`;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `Millrace: a fault in Millrace itself (internal)\n${stack}`;
}
