import { murmurHash3 } from '../keys/murmur-hash3.ts';
import { utf8Bytes } from '../keys/utf8-bytes.ts';
import { xxHash32 } from '../keys/xx-hash32.ts';

/** Bits of a hash that choose a counter of a row. */
const BITS = 11;
const WIDTH = 2 ** BITS;
const ROWS = 4;
export const COUNTERS = ROWS * WIDTH;

/**
 * Count-Min (Cormode and Muthukrishnan 2005): a value is counted in one counter of each row, and the lowest of them is at least its count.
 * What others add to one of them is on average 1/2,048 of all events, so that it is more than four times that with a chance below 1/4, and
 * all four are with a chance below 1/256 (Markov; the rows take different bits of two hashes). Counters are sums, so merging adds.
 */
export function addToCounters(counters: Float64Array, name: string, count: number): void {
  const [a, b, c, d] = placesOf(name);
  counters[a]! += count;
  counters[b]! += count;
  counters[c]! += count;
  counters[d]! += count;
}

/** Returns a count that is never too low. */
export function readCounters(counters: Float64Array, name: string): number {
  const [a, b, c, d] = placesOf(name);
  return Math.min(counters[a]!, counters[b]!, counters[c]!, counters[d]!);
}

/** Events, of which each is in every row. */
export const totalOf = (counters: Float64Array): number =>
  counters.subarray(0, WIDTH).reduce((sum, count) => sum + count, 0);

/** How much a count may be too high with a chance of 255/256, of so many events. */
export const errorOf = (total: number): number => Math.ceil((4 * total) / WIDTH);

function placesOf(name: string): [number, number, number, number] {
  const bytes = utf8Bytes(name);
  const [first, second] = [murmurHash3(bytes), xxHash32(bytes)];
  const low = (hash: number): number => hash & (WIDTH - 1);
  return [low(first), WIDTH + low(first >>> BITS), 2 * WIDTH + low(second), 3 * WIDTH + low(second >>> BITS)];
}

/** The same places as a ClickHouse expression; `name` may be used several times. */
export function placesSql(name: string): string {
  const low = (hash: string, shift: number): string =>
    `bitAnd(bitShiftRight(${hash}(${name}), ${shift}), ${WIDTH - 1})`;
  const rows = [
    low('murmurHash3_32', 0),
    low('murmurHash3_32', BITS),
    low('xxHash32', 0),
    low('xxHash32', BITS),
  ];
  return `[${rows.map((place, row) => `toUInt32(${row * WIDTH} + ${place})`).join(', ')}]`;
}

/** `totalOf` and `errorOf` as ClickHouse expressions. */
export const totalSql = (counters: string): string => `arraySum(arraySlice(${counters}, 1, ${WIDTH}))`;
export const errorSql = (total: string): string => `intDiv(4 * ${total} + ${WIDTH - 1}, ${WIDTH})`;
