import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import type { EventPosition } from '#contracts/event/event-position.ts';

/** Writes where a page ends as one text that fits into an address: base64url of a JSON list. */
export const writeCursor = ({ ts, part, offset, index }: EventPosition): string =>
  Buffer.from(JSON.stringify([ts, part, offset, index])).toString('base64url');

/** Reads such a text. Refused with `invalid_parameter`. */
export function readCursor(text: string): Result<EventPosition> {
  const [ts, part, offset, index, ...rest] = listOf(text);
  const fits = isWhole(ts) && isWhole(part, SHORT) && isWhole(offset) && isWhole(index, SHORT);
  if (fits && rest.length === 0) return ok({ ts, part, offset, index });
  return refuse(
    'invalid_parameter',
    `cursor: expected the "next" of an earlier answer, got ${shown(text)}.`,
    'cursor',
  );
}

/** No list, or no JSON, is an empty one. */
function listOf(text: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/** What the Store takes as a partition or an index. */
const SHORT = 2 ** 32 - 1;
const isWhole = (value: unknown, most: number = Number.MAX_SAFE_INTEGER): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most;
