import { scanString, skipSpace, textOf } from './json-bytes.ts';
import { countCharacters, scanColon } from './json-scan.ts';

/** Bytes of a refused event that are looked at. */
const MAX_BYTES = 65_536;

/**
 * The id of an event that was refused, since the sender wants to know which one it was: as far as its fields can be
 * followed, whatever their values hold. Null where there is none, or such that no event may have.
 */
export function findId(bytes: Uint8Array, from: number, to: number, longest: number): string | null {
  const end = Math.min(to, from + MAX_BYTES);
  if (bytes[from] !== 0x7b) return null;
  let i = skipSpace(bytes, from + 1, end);
  while (i < end && bytes[i] === 0x22) {
    const after = scanString(bytes, i + 1, end);
    const value = after < 0 ? -1 : scanColon(bytes, after, end);
    if (value < 0) return null;
    if (after - i === 4 && bytes[i + 1] === 0x69 && bytes[i + 2] === 0x64)
      return readId(bytes, value, end, longest);
    i = skipSpace(bytes, skipValue(bytes, value, end), end);
    if (bytes[i] !== 0x2c) return null;
    i = skipSpace(bytes, i + 1, end);
  }
  return null;
}

function readId(bytes: Uint8Array, from: number, end: number, longest: number): string | null {
  const after = bytes[from] === 0x22 ? scanString(bytes, from + 1, end) : -1;
  if (after < 0) return null;
  const text = textOf(bytes, from + 1, after - 1);
  return text !== '' && countCharacters(text) <= longest ? text : null;
}

/** The comma or brace behind a value, whose brackets are counted and not judged; the end where a text is not closed. */
function skipValue(bytes: Uint8Array, from: number, end: number): number {
  let depth = 0;
  for (let i = from; i < end; i++) {
    const c = bytes[i]!;
    if (c === 0x22) {
      i = scanString(bytes, i + 1, end) - 1;
      if (i < 0) return end;
    } else if (c === 0x7b || c === 0x5b) depth++;
    else if (c === 0x7d || c === 0x5d) {
      if (--depth < 0) return i;
    } else if (c === 0x2c && depth === 0) return i;
  }
  return end;
}
