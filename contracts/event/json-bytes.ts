import { ASCII, asciiBytes } from '../text/ascii.ts';

const {
  TAB,
  LINE_FEED,
  CARRIAGE_RETURN,
  SPACE,
  EXCLAMATION,
  QUOTE,
  PLUS,
  MINUS,
  DOT,
  SLASH,
  ZERO,
  NINE,
  BACKSLASH,
  LOWER_A,
  LOWER_B,
  LOWER_E,
  LOWER_F,
  LOWER_N,
  LOWER_R,
  LOWER_T,
  LOWER_U,
} = ASCII;

/**
 * JSON grammar over bytes (RFC 8259, UTF-8), without building values: each function takes the index of a token and
 * returns the index after it, or a fault below zero that `readFault` explains.
 */
export type JsonFault = 'syntax' | 'utf8' | 'surrogate' | 'depth' | 'number' | 'properties' | 'name';

const KINDS: readonly JsonFault[] = ['syntax', 'utf8', 'surrogate', 'depth', 'number', 'properties', 'name'];

/** One number holds kind and place, so that the hot loops return numbers only. */
export const faultAt = (kind: JsonFault, at: number): number => -(at * 8 + KINDS.indexOf(kind) + 1);

export function readFault(fault: number): { kind: JsonFault; at: number } {
  const number = -fault - 1;
  return { kind: KINDS[number % 8]!, at: Math.floor(number / 8) };
}

/** Small, so that the engine inlines it: between tokens there is mostly no space. */
export function skipSpace(bytes: Uint8Array, from: number, end: number): number {
  return from < end && bytes[from]! > SPACE ? from : skipSome(bytes, from, end);
}

function skipSome(bytes: Uint8Array, from: number, end: number): number {
  let i = from;
  while (i < end) {
    if (!isSpace(bytes[i]!)) break;
    i++;
  }
  return i;
}

/** The end without the white space before it. Only JSON's own counts: another control character is a fault of the text. */
export function trimEnd(bytes: Uint8Array, from: number, end: number): number {
  let to = end;
  while (to > from && isSpace(bytes[to - 1]!)) to--;
  return to;
}

const isSpace = (c: number): boolean => c === SPACE || c === LINE_FEED || c === CARRIAGE_RETURN || c === TAB;

/** `from` is the index after the opening quote; returns the index after the closing one. */
export function scanString(bytes: Uint8Array, from: number, end: number): number {
  let i = from;
  while (i < end) {
    let c = bytes[i]!;
    // Most characters of most strings: beyond the quote, below 0x80, no backslash.
    while (c > QUOTE && c < 0x80 && c !== BACKSLASH) c = ++i < end ? bytes[i]! : 0;
    if (c === QUOTE) return i + 1;
    if (c === SPACE || c === EXCLAMATION) i++;
    else if (c < 0x20) return faultAt('syntax', i);
    else i = c === BACKSLASH ? scanEscape(bytes, i, end) : scanUtf8(bytes, i, end);
    if (i < 0) return i;
  }
  return faultAt('syntax', end);
}

/** `from` is the index of the backslash. A high surrogate must be followed by a low one. */
export function scanEscape(bytes: Uint8Array, from: number, end: number): number {
  const c = from + 1 < end ? bytes[from + 1]! : 0;
  if (c === LOWER_U) {
    const unit = hex4(bytes, from + 2, end);
    if (unit < 0) return faultAt('syntax', from);
    if (unit < 0xd800 || unit > 0xdfff) return from + 6;
    const escaped = from + 7 < end && bytes[from + 6] === BACKSLASH && bytes[from + 7] === LOWER_U;
    const low = escaped ? hex4(bytes, from + 8, end) : -1;
    return unit < 0xdc00 && low >= 0xdc00 && low <= 0xdfff ? from + 12 : faultAt('surrogate', from);
  }
  const known =
    c === QUOTE ||
    c === BACKSLASH ||
    c === SLASH ||
    c === LOWER_B ||
    c === LOWER_F ||
    c === LOWER_N ||
    c === LOWER_R ||
    c === LOWER_T;
  return known ? from + 2 : faultAt('syntax', from);
}

/** The value of four hex digits, or -1. */
function hex4(bytes: Uint8Array, from: number, end: number): number {
  if (from + 4 > end) return -1;
  let unit = 0;
  for (let i = from; i < from + 4; i++) {
    const c = bytes[i]!;
    const letter = c | 0x20;
    if (c >= ZERO && c <= NINE) unit = unit * 16 + c - ZERO;
    else if (letter >= LOWER_A && letter <= LOWER_F) unit = unit * 16 + letter - 0x57;
    else return -1;
  }
  return unit;
}

/** One character beyond ASCII: no overlong forms, no surrogates, nothing above U+10FFFF (Unicode 16, table 3-7). */
export function scanUtf8(bytes: Uint8Array, from: number, end: number): number {
  const c = bytes[from]!;
  const length = c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
  if (length === 0 || from + length > end) return faultAt('utf8', from);
  const second = bytes[from + 1]!;
  const lowest = c === 0xe0 ? 0xa0 : c === 0xf0 ? 0x90 : 0x80;
  const highest = c === 0xed ? 0x9f : c === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return faultAt('utf8', from);
  for (let i = from + 2; i < from + length; i++) {
    if ((bytes[i]! & 0xc0) !== 0x80) return faultAt('utf8', from);
  }
  return from + length;
}

/** Numbers as the grammar has them; those that no double can hold are a fault (`1e400`). */
export function scanNumber(bytes: Uint8Array, from: number, end: number): number {
  let i = from;
  if (bytes[i] === MINUS) i++;
  const whole = i;
  i = skipDigits(bytes, i, end);
  // No digit at all, or a leading zero before others.
  if (i === whole || (bytes[whole] === ZERO && i > whole + 1)) return faultAt('syntax', whole);
  const digits = i - whole;
  if (i < end && bytes[i] === DOT) {
    const fraction = ++i;
    i = skipDigits(bytes, i, end);
    if (i === fraction) return faultAt('syntax', i);
  }
  const exponent = i < end && (bytes[i]! | 0x20) === LOWER_E;
  if (exponent) {
    i++;
    if (i < end && (bytes[i] === PLUS || bytes[i] === MINUS)) i++;
    const power = i;
    i = skipDigits(bytes, i, end);
    if (i === power) return faultAt('syntax', i);
  }
  if ((exponent || digits > 300) && !Number.isFinite(Number(asciiText(bytes, from, i)))) {
    return faultAt('number', from);
  }
  return i;
}

/** Small, so that the engine inlines it. */
export function skipDigits(bytes: Uint8Array, from: number, end: number): number {
  let i = from;
  while (i < end && bytes[i]! >= ZERO && bytes[i]! <= NINE) i++;
  return i;
}

const TRUE = asciiBytes('true');
const FALSE = asciiBytes('false');
const NULL = asciiBytes('null');

/** `true`, `false`, `null`. */
export function scanLiteral(bytes: Uint8Array, from: number, end: number): number {
  const c = bytes[from];
  const word = c === LOWER_T ? TRUE : c === LOWER_F ? FALSE : NULL;
  if (from + word.length > end) return faultAt('syntax', from);
  for (let i = 0; i < word.length; i++) if (bytes[from + i] !== word[i]) return faultAt('syntax', from);
  return from + word.length;
}

// Keeps a leading U+FEFF: inside a string it is a character like any other.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The text of a string's inside, escapes resolved. The span must have passed `scanString`. `latin1`: all the bytes as
 * a text of one unit a byte, if there is one: cutting it is much cheaper than building texts.
 */
export function textOf(bytes: Uint8Array, from: number, to: number, latin1: string | null = null): string {
  if (to - from <= SHORT && isPlain(bytes, from, to)) {
    return latin1 === null ? plainText(bytes, from, to) : latin1.slice(from, to);
  }
  const raw = decoder.decode(bytes.subarray(from, to));
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}

/** Up to this length two loops beat the decoder's call. */
const SHORT = 64;

function isPlain(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const c = bytes[i]!;
    if (c >= 0x80 || c === BACKSLASH) return false;
  }
  return true;
}

function plainText(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  let i = from;
  for (; i + 8 <= to; i += 8) {
    text += String.fromCharCode(
      bytes[i]!,
      bytes[i + 1]!,
      bytes[i + 2]!,
      bytes[i + 3]!,
      bytes[i + 4]!,
      bytes[i + 5]!,
      bytes[i + 6]!,
      bytes[i + 7]!,
    );
  }
  for (; i < to; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

export const asciiText = (bytes: Uint8Array, from: number, to: number): string =>
  decoder.decode(bytes.subarray(from, to));
