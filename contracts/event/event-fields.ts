import { scanString, skipSpace, textOf } from './json-bytes.ts';
import { countCharacters, scanColon } from './json-scan.ts';

/** Bytes of a refused event that are looked at. */
const MAX_BYTES = 65_536;

interface Field {
  name: string;
  /** Where its value begins, and the first byte behind it. */
  value: number;
  end: number;
}

/**
 * The own fields of an event that was refused, as far as they can be followed, whatever their values hold; `bytes` is read
 * from `from`, and no further than `to`.
 */
export function* eventFields(bytes: Uint8Array, from: number, to: number): Generator<Field> {
  const end = Math.min(to, from + MAX_BYTES);
  if (bytes[from] !== 0x7b) return;
  let i = skipSpace(bytes, from + 1, end);
  while (i < end && bytes[i] === 0x22) {
    const after = scanString(bytes, i + 1, end);
    const value = after < 0 ? -1 : scanColon(bytes, after, end);
    if (value < 0) return;
    const behind = skipValue(bytes, value, end);
    yield { name: textOf(bytes, i + 1, after - 1), value, end: behind };
    i = skipSpace(bytes, behind, end);
    if (bytes[i] !== 0x2c) return;
    i = skipSpace(bytes, i + 1, end);
  }
}

/** The id of a refused event, since the sender wants to know which one it was; null where there is none that an event may have. */
export function findId(bytes: Uint8Array, from: number, to: number, longest: number): string | null {
  for (const { name, value, end } of eventFields(bytes, from, to)) {
    if (name !== 'id') continue;
    const after = bytes[value] === 0x22 ? scanString(bytes, value + 1, end) : -1;
    if (after < 0) return null;
    const text = textOf(bytes, value + 1, after - 1);
    return text !== '' && countCharacters(text) <= longest ? text : null;
  }
  return null;
}

/** The comma or brace behind a value, whose brackets are counted and not judged; the end where a text is not closed. */
export function skipValue(bytes: Uint8Array, from: number, end: number): number {
  let depth = 0;
  for (let i = from; i < end; i++) {
    const c = bytes[i]!;
    if (c === 0x22) {
      i = scanString(bytes, i + 1, end) - 1;
      if (i < 0) return end;
    } else if (c === 0x7b || c === 0x5b) depth++;
    else if (c === 0x7d || c === 0x5d) {
      if (--depth < 0) return i;
      if (depth === 0) return i + 1;
    } else if (c === 0x2c && depth === 0) return i;
  }
  return end;
}
