import { utf8Bytes } from '../keys/utf8-bytes.ts';

/** A text as unsigned 32-bit numbers, four bytes of UTF-8 each, the lowest first: states hold numbers. The last is filled up with zeros. */
export interface PackedText {
  bytes: number;
  words: number[];
}

/** Words of a text of so many bytes; one where it is empty, so that each text begins with a word. */
export const wordsOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / 4));

export function packText(text: string): PackedText {
  const bytes = utf8Bytes(text);
  const byte = (i: number): number => (i < bytes.length ? bytes[i]! : 0);
  const words = [];
  for (let i = 0; i < bytes.length || i === 0; i += 4)
    words.push((byte(i) | (byte(i + 1) << 8) | (byte(i + 2) << 16) | (byte(i + 3) << 24)) >>> 0);
  return { bytes: bytes.length, words };
}

export function unpackText(words: readonly number[], bytes: number): string {
  let text = '';
  for (let at = 0; at < bytes; ) {
    const first = byteOf(words, at);
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    // Of the first byte the bits behind the mark of the length.
    let point = more === 0 ? first : first & (0x3f >> more);
    for (let i = 1; i <= more; i++) point = (point << 6) | (byteOf(words, at + i) & 0x3f);
    text += String.fromCodePoint(point);
    at += 1 + more;
  }
  return text;
}

const byteOf = (words: readonly number[], at: number): number => (words[at >> 2]! >>> (8 * (at & 3))) & 0xff;

/** Texts as an array of arrays of words, as a ClickHouse expression. */
export const packSql = (texts: string): string =>
  `arrayMap(text -> reinterpret(concat(text, repeat(char(0), if(empty(text), 4, positiveModulo(-length(text), 4)))), 'Array(UInt32)'), ${texts})`;

/** The texts of flat words whose lengths in bytes are known. Split, since a lambda over places would copy the words for each text. */
export function unpackSql(words: string, bytes: string): string {
  const begins = `arrayFlatten(arrayMap(size -> arrayResize([1], greatest(1, intDiv(size + 3, 4)), 0), ${bytes}))`;
  const split = `arraySplit((word, begin) -> begin, ${words}, ${begins})`;
  return `arrayMap((own, size) -> substring(reinterpretAsString(own), 1, size), ${split}, ${bytes})`;
}
