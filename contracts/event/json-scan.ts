import { ASCII } from '../text/ascii.ts';
import { addHash, type HashSet } from './hash-set.ts';
import {
  faultAt,
  scanEscape,
  scanLiteral,
  scanNumber,
  scanString,
  scanUtf8,
  skipSpace,
  textOf,
} from './json-bytes.ts';

const {
  SPACE,
  QUOTE,
  COMMA,
  MINUS,
  ZERO,
  NINE,
  COLON,
  OPEN_ARRAY,
  BACKSLASH,
  CLOSE_ARRAY,
  LOWER_F,
  LOWER_N,
  LOWER_T,
  OPEN_OBJECT,
  CLOSE_OBJECT,
} = ASCII;

/** One walk over one event's bytes. */
export interface JsonScan {
  bytes: Uint8Array;
  /** All the bytes as a text of one unit a byte, or null. */
  latin1: string | null;
  end: number;
  maxDepth: number;
  maxProperties: number;
  maxName: number;
  /** Names seen below the start, at any depth. */
  properties: number;
  /** Hashes of the dotted paths seen. */
  paths: HashSet;
  /** Two paths had one hash, or many of them lie close: most likely a repeated name; only an exact look can tell. */
  suspicious: boolean;
  /** Hash of the path that `scanName` has just read. */
  path: number;
}

export const ROOT = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

/** Scans a value and all below it; `prefix` is the hash of the path before its names, the dot included (FNV-1a). */
export function scanValue(scan: JsonScan, i: number, depth: number, prefix: number): number {
  const c = i < scan.end ? scan.bytes[i]! : 0;
  if (c === QUOTE) return scanString(scan.bytes, i + 1, scan.end);
  if (c === OPEN_OBJECT) return scanObject(scan, i, depth, prefix);
  if (c === OPEN_ARRAY) return scanArray(scan, i, depth);
  if (c === MINUS || (c >= ZERO && c <= NINE)) return scanNumber(scan.bytes, i, scan.end);
  if (c === LOWER_T || c === LOWER_F || c === LOWER_N) return scanLiteral(scan.bytes, i, scan.end);
  return faultAt('syntax', i);
}

/** `from` is the index of the brace. */
export function scanObject(scan: JsonScan, from: number, depth: number, prefix: number): number {
  const { bytes, end } = scan;
  if (depth > scan.maxDepth) return faultAt('depth', from);
  let i = skipSpace(bytes, from + 1, end);
  if (i < end && bytes[i] === CLOSE_OBJECT) return i + 1;
  for (;;) {
    if (i >= end || bytes[i] !== QUOTE) return faultAt('syntax', i);
    if (++scan.properties > scan.maxProperties) return faultAt('properties', i);
    i = scanName(scan, i + 1, prefix);
    if (i < 0) return i;
    const own = scan.path;
    if (!addHash(scan.paths, own)) scan.suspicious = true;
    i = scanColon(bytes, i, end);
    if (i < 0) return i;
    i = scanValue(scan, i, depth + 1, Math.imul(own ^ 0x2e, PRIME));
    if (i < 0) return i;
    i = skipSpace(bytes, i, end);
    const c = i < end ? bytes[i] : 0;
    if (c === CLOSE_OBJECT) return i + 1;
    if (c !== COMMA) return faultAt('syntax', i);
    i = skipSpace(bytes, i + 1, end);
  }
}

/** Paths do not lead into arrays: an object in one starts its own. */
function scanArray(scan: JsonScan, from: number, depth: number): number {
  const { bytes, end } = scan;
  if (depth > scan.maxDepth) return faultAt('depth', from);
  let i = skipSpace(bytes, from + 1, end);
  if (i < end && bytes[i] === CLOSE_ARRAY) return i + 1;
  for (;;) {
    i = scanValue(scan, i, depth + 1, Math.imul(i + 1, 0x9e3779b1));
    if (i < 0) return i;
    i = skipSpace(bytes, i, end);
    const c = i < end ? bytes[i] : 0;
    if (c === CLOSE_ARRAY) return i + 1;
    if (c !== COMMA) return faultAt('syntax', i);
    i = skipSpace(bytes, i + 1, end);
  }
}

export function scanColon(bytes: Uint8Array, from: number, end: number): number {
  const i = skipSpace(bytes, from, end);
  return i < end && bytes[i] === COLON ? skipSpace(bytes, i + 1, end) : faultAt('syntax', i);
}

/** A name, `from` after its quote: as `scanString`, and leaves the hash of its path in `scan.path`. */
function scanName(scan: JsonScan, from: number, prefix: number): number {
  const { bytes, end } = scan;
  let hash = prefix;
  let plain = true;
  let i = from;
  while (i < end) {
    const c = bytes[i]!;
    if (c === QUOTE) {
      // A character takes one to twelve bytes: only a name whose length lies between the two bounds needs counting.
      const length = i - from;
      if (
        length > scan.maxName &&
        (length > 12 * scan.maxName || countCharacters(textOf(bytes, from, i)) > scan.maxName)
      ) {
        return faultAt('name', from - 1);
      }
      scan.path = plain ? hash : hashText(textOf(bytes, from, i), prefix);
      return i + 1;
    }
    if (c >= SPACE && c < 0x80 && c !== BACKSLASH) {
      hash = Math.imul(hash ^ c, PRIME);
      i++;
      continue;
    }
    plain = false;
    i =
      c < 0x20 ? faultAt('syntax', i) : c === BACKSLASH ? scanEscape(bytes, i, end) : scanUtf8(bytes, i, end);
    if (i < 0) return i;
  }
  return faultAt('syntax', end);
}

/** The same hash as the loop above for ASCII; names beyond it hash by UTF-16 unit, equal names alike in either spelling. */
function hashText(text: string, prefix: number): number {
  let hash = prefix;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash;
}

export const countCharacters = (text: string): number => {
  let count = 0;
  for (const _ of text) count++;
  return count;
};
