import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import type { Held } from '../view-desk.ts';

/** What a caller of the series route holds, as one text that fits into an address: base64url of a JSON list. */
export function writeToken({ cursor, version, view }: Required<Held>): string {
  return Buffer.from(JSON.stringify([cursor.epoch, cursor.offset, version, view])).toString('base64url');
}

export function readToken(text: string): Result<Required<Held>> {
  try {
    const [epoch, offset, version, view, ...rest] = JSON.parse(Buffer.from(text, 'base64url').toString());
    const isText = typeof epoch === 'string' && typeof view === 'string';
    if (isText && rest.length === 0 && Number.isSafeInteger(offset) && Number.isSafeInteger(version))
      return ok({ cursor: { epoch, offset }, version, view });
  } catch {
    // Refused below, in the same words.
  }
  return refuse(
    'invalid_parameter',
    `since: expected the "next" of an earlier answer, got ${shown(text)}.`,
    'since',
  );
}
