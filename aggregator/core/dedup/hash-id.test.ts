import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HashKey, hashId } from './hash-id.ts';
import { createIdTable, MOST_PROBES } from './id-table.ts';

/** HalfSipHash-2-4 as its authors state it, over whole words: the last one holds what the caller says. */
function halfSipHash(k0: bigint, k1: bigint, words: readonly number[]): [number, number] {
  const word = (x: bigint): bigint => x & 0xffffffffn;
  const rotate = (x: bigint, by: bigint): bigint => word((x << by) | (word(x) >> (32n - by)));
  let [v0, v1, v2, v3] = [k0, k1 ^ 0xeen, 0x6c796765n ^ k0, 0x74656462n ^ k1];
  const round = (): void => {
    v0 = word(v0 + v1);
    v1 = rotate(v1, 5n) ^ v0;
    v0 = rotate(v0, 16n);
    v2 = word(v2 + v3);
    v3 = rotate(v3, 8n) ^ v2;
    v0 = word(v0 + v3);
    v3 = rotate(v3, 7n) ^ v0;
    v2 = word(v2 + v1);
    v1 = rotate(v1, 13n) ^ v2;
    v2 = rotate(v2, 16n);
  };
  for (const m of words.map(BigInt)) {
    v3 ^= m;
    for (let i = 0; i < 2; i++) round();
    v0 ^= m;
  }
  v2 ^= 0xeen;
  for (let i = 0; i < 4; i++) round();
  const first = Number(v1 ^ v3);
  v1 ^= 0xddn;
  for (let i = 0; i < 4; i++) round();
  return [first, Number(v1 ^ v3)];
}

/** Units two a word, and what is left with the length behind it. */
function wordsOf(text: string): number[] {
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  const words: number[] = [];
  for (let i = 0; i + 1 < units.length; i += 2) words.push(units[i]! + units[i + 1]! * 65_536);
  const rest = units.length % 2 === 1 ? units.at(-1)! : 0;
  return [...words, rest + (text.length % 65_536) * 65_536];
}

const key = fc.record({ k0: fc.nat(2 ** 32 - 1), k1: fc.nat(2 ** 32 - 1) });
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ maxLength: 70 }));

describe('the hash of an id', () => {
  it('is HalfSipHash-2-4 under the key', () => {
    // The authors' vector for no bytes under the key 00 01 … 07: 21 8d 1f 59 b9 b8 3c c8.
    expect(halfSipHash(0x03020100n, 0x07060504n, [0])).toEqual([0x591f8d21, 0xc83cb8b9]);
    fc.assert(
      fc.property(key, fc.option(text), text, ({ k0, k1 }, of, id) => {
        const words = of === null ? [0, ...wordsOf(id)] : [of.length + 1, ...wordsOf(of), ...wordsOf(id)];
        const [a, b] = halfSipHash(BigInt(k0), BigInt(k1), words);
        expect(hashId({ k0, k1 }, of, id)).toEqual({ a, b });
      }),
    );
  });

  it('distinguishes where the key ends and the id begins', () => {
    const secret: HashKey = { k0: 1, k1: 2 };
    const pairs: [string | null, string][] = [
      [null, 'ab'],
      ['', 'ab'],
      ['a', 'b'],
      ['ab', ''],
      [null, 'ab\0'],
      ['ab\0', ''],
      ['a', 'b\0'],
      [null, '\0ab'],
    ];
    const lanes = pairs.map(([of, id]) => JSON.stringify(hashId(secret, of, id)));
    expect(new Set(lanes).size).toBe(pairs.length);
  });
});

/** Ids that a reader of the source can find to cluster in a table of this key: the lowest bits of their lanes are equal. */
function craftIds(secret: HashKey, count: number): string[] {
  const ids: string[] = [];
  for (let i = 0; ids.length < count; i++) {
    const id = `i${i.toString(36)}`;
    if ((hashId(secret, null, id).a & 0x1ff) === 0) ids.push(id);
  }
  return ids;
}

describe('a table of hashed ids', () => {
  it('takes no more work for ids chosen under another key than for any others', () => {
    const crafted = craftIds({ k0: 1, k1: 2 }, 3_000);
    fc.assert(
      fc.property(key, (secret) => {
        const table = createIdTable();
        for (const id of crafted) {
          const { a, b } = hashId(secret, null, id);
          expect(table.find(a, b)).toBe(-1);
          table.push(a, b, 0);
          expect(table.find(a, b)).toBe(table.end - 1);
        }
        // Each id: two looks, an entry, and its share of the growth.
        expect(table.probes / crafted.length).toBeLessThan(16);
      }),
      { numRuns: 10 },
    );
  });

  it('grows when probes get long, whatever the lanes', () => {
    const table = createIdTable();
    const count = 3 * MOST_PROBES;
    for (let i = 0; i < count; i++) table.push(i * 4_096, i, 0);
    for (let i = 0; i < count; i++) {
      const before = table.probes;
      expect(table.find(i * 4_096, i)).toBe(i);
      expect(table.probes - before).toBeLessThanOrEqual(MOST_PROBES + 1);
    }
  });
});
