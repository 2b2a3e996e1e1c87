import { type Result, refuse, shown } from '#contracts/errors.ts';
import { SYSTEM_RECORD, type SystemRecord } from '#contracts/log/system-record.ts';
import { readAs } from '#contracts/schema/read-as.ts';

/** Reads a record of the `system` topic. */
export function decodeSystemRecord(text: string): Result<SystemRecord> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return refuse('invalid_json', `System record: not JSON: ${shown(text)}.`);
  }
  return readAs(SYSTEM_RECORD, raw, { code: 'wrong_type', of: 'System record' });
}
