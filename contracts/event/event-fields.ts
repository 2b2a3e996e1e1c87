import { ASCII } from '../text/ascii.ts';
import { scanString, skipSpace, textOf } from './json-bytes.ts';
import { countCharacters, scanColon } from './json-scan.ts';

const { QUOTE, COMMA, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT } = ASCII;

/** Bytes of a refused event that are examined. */
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
  if (bytes[from] !== OPEN_OBJECT) return;
  let i = skipSpace(bytes, from + 1, end);
  while (i < end && bytes[i] === QUOTE) {
    const after = scanString(bytes, i + 1, end);
    const value = after < 0 ? -1 : scanColon(bytes, after, end);
    if (value < 0) return;
    const behind = skipValue(bytes, value, end);
    yield { name: textOf(bytes, i + 1, after - 1), value, end: behind };
    i = skipSpace(bytes, behind, end);
    if (bytes[i] !== COMMA) return;
    i = skipSpace(bytes, i + 1, end);
  }
}

/** The id of a refused event, since the sender wants to know which one it was; null where there is none that an event may have. */
export function findId(bytes: Uint8Array, from: number, to: number, longest: number): string | null {
  for (const { name, value, end } of eventFields(bytes, from, to)) {
    if (name !== 'id') continue;
    const after = bytes[value] === QUOTE ? scanString(bytes, value + 1, end) : -1;
    if (after < 0) return null;
    const text = textOf(bytes, value + 1, after - 1);
    return text !== '' && countCharacters(text) <= longest ? text : null;
  }
  return null;
}

/** Returns the position after a value. Counts brackets without validating them; returns `end` if the text is not closed. */
export function skipValue(bytes: Uint8Array, from: number, end: number): number {
  let depth = 0;
  for (let i = from; i < end; i++) {
    const c = bytes[i]!;
    if (c === QUOTE) {
      i = scanString(bytes, i + 1, end) - 1;
      if (i < 0) return end;
    } else if (c === OPEN_OBJECT || c === OPEN_ARRAY) depth++;
    else if (c === CLOSE_OBJECT || c === CLOSE_ARRAY) {
      if (--depth < 0) return i;
      if (depth === 0) return i + 1;
    } else if (c === COMMA && depth === 0) return i;
  }
  return end;
}
