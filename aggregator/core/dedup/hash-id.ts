/** Two 32-bit lanes that stand for (key, id); equal lanes are taken for equal ids (odds below 1e-7 at a million live ids). */
export interface IdHash {
  a: number;
  b: number;
}

/** 64 secret bits. A sender that knew them could find ids that collide, or that fill one part of a table. */
export interface HashKey {
  k0: number;
  k1: number;
}

/** Beyond every index of a text. */
const ENDED = 0x3fffffff;

/**
 * HalfSipHash-2-4 with 64 bits of output (Aumasson, Bernstein) under a secret key. Without the key a sender cannot choose
 * ids with equal lanes, which would lose the second event, nor ids whose lanes lie close, which would make a table
 * slow. The lanes are never stored and never leave the process: ids are read back as texts, so each owner has a key of
 * its own. The words are: the key's length + 1 or 0, the key, the id; a text is its UTF-16 units, two a word, and ends
 * with a word of what is left and its length.
 */
export function hashId({ k0, k1 }: HashKey, key: string | null, id: string): IdHash {
  let v0 = k0 | 0;
  let v1 = k1 ^ 0xee;
  let v2 = k0 ^ 0x6c796765;
  let v3 = k1 ^ 0x74656462;
  let text = key ?? id;
  let isId = key === null;
  let word = key === null ? 0 : key.length + 1;
  for (let i = 0; ; ) {
    v3 ^= word;
    for (let round = 0; round < 2; round++) {
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
    }
    v0 ^= word;
    if (i + 1 < text.length) {
      word = text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16);
      i += 2;
    } else if (i === ENDED) {
      break;
    } else {
      word = (i < text.length ? text.charCodeAt(i) : 0) | (text.length << 16);
      i = isId ? ENDED : 0;
      text = id;
      isId = true;
    }
  }
  v2 ^= 0xee;
  let a = 0;
  for (let round = 0; round < 8; round++) {
    if (round === 4) {
      a = v1 ^ v3;
      v1 ^= 0xdd;
    }
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
  }
  return { a: a >>> 0, b: (v1 ^ v3) >>> 0 };
}
