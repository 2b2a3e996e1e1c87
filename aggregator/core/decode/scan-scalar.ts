import { skipDigits } from '#contracts/event/json-bytes.ts';
import { ASCII, asciiBytes } from '#contracts/text/ascii.ts';

const { QUOTE, MINUS, DOT, ZERO, NINE, BACKSLASH, LOWER_E, LOWER_F, LOWER_N, LOWER_T } = ASCII;

/** More digits may name a double that a shorter number names as well. */
const MAX_DIGITS = 17;
const MAX_EXACT = 2 ** 53;

/**
 * A text, number, true, false or null in the one spelling that `JSON.stringify` gives it too, all in ASCII: returns the index after the scalar that begins at `from`; -1 when there is none, or it is spelt otherwise (an escape, an
 * exponent, a character beyond ASCII). Something that is not of JSON must follow the bytes, such as a line break.
 */
export function scanScalar(bytes: Uint8Array, from: number): number {
  const c = bytes[from]!;
  if (c === QUOTE) return scanText(bytes, from + 1);
  if (c === MINUS || (c >= ZERO && c <= NINE)) return scanShortestNumber(bytes, from);
  if (c === LOWER_T) return isWord(bytes, from, TRUE);
  if (c === LOWER_F) return isWord(bytes, from, FALSE);
  return c === LOWER_N ? isWord(bytes, from, NULL) : -1;
}

const TRUE = asciiBytes('true');
const FALSE = asciiBytes('false');
const NULL = asciiBytes('null');

function isWord(bytes: Uint8Array, from: number, word: Uint8Array): number {
  for (let i = 0; i < word.length; i++) if (bytes[from + i] !== word[i]) return -1;
  return from + word.length;
}

function scanText(bytes: Uint8Array, from: number): number {
  for (let i = from; ; i++) {
    const c = bytes[i]!;
    if (c === QUOTE) return i + 1;
    if (c < 0x20 || c >= 0x80 || c === BACKSLASH) return -1;
  }
}

/** Only the spelling that JSON.stringify gives; `scanNumber` of the event scan takes every number of the grammar. */
function scanShortestNumber(bytes: Uint8Array, from: number): number {
  const whole = bytes[from] === MINUS ? from + 1 : from;
  const point = skipDigits(bytes, whole, bytes.length);
  const leading = bytes[whole] === ZERO;
  if (point === whole || (leading && point > whole + 1)) return -1;
  if (bytes[point] !== DOT) {
    const minusZero = leading && whole > from;
    // Beyond 15 digits integers are spelt as the double that is nearest.
    return minusZero || point - whole > 15 || isExponent(bytes[point]!) ? -1 : point;
  }
  const end = skipDigits(bytes, point + 1, bytes.length);
  const trailing = bytes[end - 1] === ZERO;
  if (end === point + 1 || trailing || end - whole - 1 > MAX_DIGITS || isExponent(bytes[end]!)) return -1;
  // Below 1e-6 numbers are spelt with an exponent.
  const small =
    leading && bytes[point + 1] === ZERO && bytes[point + 2] === ZERO && bytes[point + 3] === ZERO;
  return small ? -1 : end;
}

const isExponent = (c: number): boolean => (c | 0x20) === LOWER_E;

/**
 * The number that `scanScalar` found in [from, to). Digits up to 2^53 over a power of ten below 10^22 are both exact,
 * so one division rounds right (Clinger, "How to read floating point numbers accurately"); others are read from `text`, the same
 * bytes as a text of one unit a byte.
 */
export function readNumber(bytes: Uint8Array, from: number, to: number, text: string): number {
  const negative = bytes[from] === MINUS;
  let digits = 0;
  let scale = 1;
  let point = false;
  for (let i = negative ? from + 1 : from; i < to; i++) {
    const c = bytes[i]!;
    if (c === DOT) point = true;
    else {
      digits = digits * 10 + c - ZERO;
      if (point) scale *= 10;
    }
  }
  if (digits > MAX_EXACT) return Number(text.slice(from, to));
  return (negative ? -digits : digits) / scale;
}
