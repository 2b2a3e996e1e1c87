import { textOf } from '#contracts/event/json-bytes.ts';

/**
 * Gives equal bytes the same text object, mostly: names and dimension values repeat, and a text
 * that is known need not be made, nor hashed again by a Map. One text a slot, the newest wins, so it is bounded.
 */
export interface TextCache {
  /** The text of the ASCII bytes [from, to). */
  read(bytes: Uint8Array, from: number, to: number): string;
}

const SLOTS = 4_096;
/** Longer texts hardly repeat. */
const MAX_LENGTH = 64;

export function createTextCache(): TextCache {
  const texts = new Array<string>(SLOTS).fill('');
  return {
    read(bytes, from, to) {
      if (to - from > MAX_LENGTH) return textOf(bytes, from, to);
      // FNV-1a.
      let hash = 0x811c9dc5;
      for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
      const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
      const known = texts[slot]!;
      if (isSame(known, bytes, from, to)) return known;
      const text = textOf(bytes, from, to);
      texts[slot] = text;
      return text;
    },
  };
}

function isSame(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}
