import { MAX_TIMESTAMP, utcTime } from './timestamp.ts';

/**
 * The common form `2026-11-23T10:00:00Z`, with up to three digits of fraction, read from bytes into epoch ms.
 * Null for every other spelling, which `parseTimestamp` reads or refuses.
 */
export function scanIsoTimestamp(bytes: Uint8Array, from: number, to: number): number | null {
  const length = to - from;
  const fraction = length - 21;
  if ((length !== 20 && (fraction < 1 || fraction > 3)) || bytes[to - 1] !== 0x5a) return null;
  if (
    bytes[from + 4] !== 0x2d ||
    bytes[from + 7] !== 0x2d ||
    bytes[from + 10] !== 0x54 ||
    bytes[from + 13] !== 0x3a ||
    bytes[from + 16] !== 0x3a ||
    (length !== 20 && bytes[from + 19] !== 0x2e)
  ) {
    return null;
  }
  const ms = length === 20 ? 0 : digits(bytes, from + 20, fraction) * 10 ** (3 - fraction);
  const time = utcTime(
    digits(bytes, from, 4),
    digits(bytes, from + 5, 2),
    digits(bytes, from + 8, 2),
    digits(bytes, from + 11, 2),
    digits(bytes, from + 14, 2),
    digits(bytes, from + 17, 2),
  );
  // NaN from a byte that is no digit fails both comparisons.
  return time !== null && time + ms >= 0 && time + ms < MAX_TIMESTAMP ? time + ms : null;
}

function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    const c = bytes[i]!;
    if (c < 0x30 || c > 0x39) return Number.NaN;
    value = value * 10 + c - 0x30;
  }
  return value;
}
