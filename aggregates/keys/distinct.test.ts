import { describe, expect, test } from 'vitest';
import { distinct, EXACT_LIMIT } from './distinct.ts';
import { REGISTERS, rankOf, registerOf } from './hyper-log-log.ts';
import { murmurHash3 } from './murmur-hash3.ts';
import { utf8Bytes } from './utf8-bytes.ts';
import { xxHash32 } from './xx-hash32.ts';

const AT = { ts: 0, part: 0, offset: 0, index: 0 };
const CALL = { name: 'distinct', field: 'x', args: [] };

function fold(from: number, to: number) {
  const state = distinct.create();
  for (let i = from; i < to; i++) distinct.add(state, `user-${i}`, AT);
  return state;
}
const read = (state: ReturnType<typeof fold>): number => distinct.value(state, CALL, 1_000)[0]!;

describe('distinct', () => {
  test('is exact up to its limit, and changes form one above it', () => {
    const state = fold(0, EXACT_LIMIT);
    expect(read(state)).toBe(EXACT_LIMIT);
    expect(distinct.encode(state).counts).toEqual([]);
    distinct.add(state, 'user-0', AT);
    expect(distinct.encode(state).counts).toEqual([]);
    distinct.add(state, 'one more', AT);
    expect(distinct.encode(state)).toMatchObject({
      keys: [],
      counts: expect.objectContaining({ length: REGISTERS }),
    });
  });

  // The texts are fixed, so this cannot be unlucky: 3 standard errors.
  test.each([1_100, 5_000, 20_000, 60_000, 200_000])('of %d is within 2.5 %%', (n) => {
    expect(Math.abs(read(fold(0, n)) / n - 1)).toBeLessThan(0.025);
  });

  test('a union gives the same state whatever the forms of its parts', () => {
    const whole = distinct.encode(fold(0, 3_000));
    for (const cuts of [[10], [600, 1_200, 1_800, 2_400], [1_500], [2_990]]) {
      const bounds = [0, ...cuts, 3_000];
      const into = distinct.create();
      for (let i = bounds.length - 2; i >= 0; i--) distinct.merge(into, fold(bounds[i]!, bounds[i + 1]!));
      expect(distinct.encode(into)).toEqual(whole);
    }
  });
});

describe('the hashes', () => {
  // Reference values: SMHasher's and xxHash's own, seed 0.
  test.each([
    ['', 0, 0x02cc5d05],
    ['abc', 0xb3dd93fa, 0x32d153ff],
    ['Hello, world!', 0xc0363e43, 0x31b7405d],
  ])('of %j', (text, murmur, xx) => {
    expect([murmurHash3(utf8Bytes(text)), xxHash32(utf8Bytes(text))]).toEqual([murmur, xx]);
  });

  test('are over the same bytes as every encoder makes', () => {
    const long = [1_023, 1_024, 1_025, 3_000].map((length) => '日'.repeat(length));
    for (const text of ['', 'abc', 'ß', ...long, '日本', '😀', 'a\ud800b', '\udc00', 'é́']) {
      expect([...utf8Bytes(text)]).toEqual([...new TextEncoder().encode(text)]);
    }
  });
});

test('ranks count trailing zeros, registers the leading bits', () => {
  expect([1, 2, 3, 8, 2 ** 31, 0].map(rankOf)).toEqual([1, 2, 1, 4, 32, 32]);
  expect([0, 2 ** 18, 2 ** 32 - 1].map(registerOf)).toEqual([0, 1, REGISTERS - 1]);
});
