import { murmurHash3 } from './murmur-hash3.ts';
import { utf8Bytes } from './utf8-bytes.ts';
import { xxHash32 } from './xx-hash32.ts';

/** Keys that are counted; one more is kept, whose hash says how large a share of all keys these are. */
export const MOST_KEYS = 2_048;
export const KEPT_KEYS = MOST_KEYS + 1;

/** Two hashes of 32 bits, of which the first decides the order. */
export interface HashedKey {
  first: number;
  second: number;
}

export interface SampledKey<T> extends HashedKey {
  /** What is known of the key. */
  known: T;
}

/**
 * The keys with the smallest hashes, which are a random sample of all (bottom-k; Cohen and Kaplan 2007): which these are depends on nothing
 * but which there were, so that the sample of a union is made of samples, and what is known of a key that is kept is all there is.
 */
export interface KeySample<T> {
  /** By the first hash. */
  byFirst: Map<number, SampledKey<T>[]>;
  /** Keys. There may be twice as many as are kept, so that they are seldom sorted. */
  size: number;
  /** No key beyond it is kept. */
  last: HashedKey | null;
}

export const createKeySample = <T>(): KeySample<T> => ({ byFirst: new Map(), size: 0, last: null });

export function hashKey(key: string): HashedKey {
  const bytes = utf8Bytes(key);
  return { first: murmurHash3(bytes), second: xxHash32(bytes) };
}

const compareKeys = (a: HashedKey, b: HashedKey): number => a.first - b.first || a.second - b.second;

/** Returns the key in the sample, where it is put if it is not there; null for one that is not kept. */
export function sampleKey<T>(
  sample: KeySample<T>,
  { first, second }: HashedKey,
  begin: () => T,
): SampledKey<T> | null {
  if (sample.last !== null && compareKeys({ first, second }, sample.last) > 0) return null;
  const list = sample.byFirst.get(first) ?? [];
  const found = list.find((one) => one.second === second);
  if (found !== undefined) return found;
  const key = { first, second, known: begin() };
  list.push(key);
  sample.byFirst.set(first, list);
  sample.size += 1;
  return key;
}

export function forEachKey<T>({ byFirst }: KeySample<T>, visit: (key: SampledKey<T>) => void): void {
  for (const list of byFirst.values()) for (const key of list) visit(key);
}

/** Returns the keys that are kept, by their hashes: the canonical form. */
export function sampledKeys<T>(sample: KeySample<T>): SampledKey<T>[] {
  const keys = [...sample.byFirst.values()].flat().sort(compareKeys);
  return keys.slice(0, KEPT_KEYS);
}

/** Drops what is not kept, where that is as much again; returns whether it did. */
export function pruneSample<T>(sample: KeySample<T>): boolean {
  if (sample.size < KEPT_KEYS * 2) return false;
  const keys = sampledKeys(sample);
  sample.byFirst = Map.groupBy(keys, ({ first }) => first);
  sample.size = keys.length;
  sample.last = keys.at(-1) ?? null;
  return true;
}

/** The number of keys that a number of those in a sample stands for; `next`: the key after them, where there is one. */
export function scaleCount(count: number, next: HashedKey | null): number {
  return next === null ? count : Math.round(count / ((next.first + next.second / 2 ** 32) / 2 ** 32));
}
