import { ASCII } from '../text/ascii.ts';
import { MAX_TIMESTAMP, utcTime } from './timestamp.ts';

const { MINUS, DOT, ZERO, COLON, UPPER_T, UPPER_Z } = ASCII;

/**
 * The common form `2026-11-23T10:00:00Z`, with up to three digits of fraction, read from bytes into epoch ms.
 * Null for every other spelling, which `parseTimestamp` reads or refuses.
 */
export function scanIsoTimestamp(bytes: Uint8Array, from: number, to: number): number | null {
  const length = to - from;
  const fraction = length - 21;
  if ((length !== 20 && (fraction < 1 || fraction > 3)) || bytes[to - 1] !== UPPER_Z) return null;
  if (
    bytes[from + 4] !== MINUS ||
    bytes[from + 7] !== MINUS ||
    bytes[from + 10] !== UPPER_T ||
    bytes[from + 13] !== COLON ||
    bytes[from + 16] !== COLON ||
    (length !== 20 && bytes[from + 19] !== DOT)
  ) {
    return null;
  }
  const ms = length === 20 ? 0 : fractionMs(bytes, from + 20, fraction);
  const time = utcTime(
    two(bytes, from) * 100 + two(bytes, from + 2),
    two(bytes, from + 5),
    two(bytes, from + 8),
    two(bytes, from + 11),
    two(bytes, from + 14),
    two(bytes, from + 17),
  );
  // NaN from a byte that is no digit fails both comparisons.
  return time !== null && time + ms >= 0 && time + ms < MAX_TIMESTAMP ? time + ms : null;
}

/** NaN where a byte is no digit. */
function two(bytes: Uint8Array, from: number): number {
  const tens = bytes[from]! - ZERO;
  const ones = bytes[from + 1]! - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function fractionMs(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let i = 0; i < 3; i++) {
    const digit = i < count ? bytes[from + i]! - ZERO : 0;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
