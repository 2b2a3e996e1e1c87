/** Keys that are counted; one more is kept, whose hash says how large a share of all keys these are. */
export const MOST_KEYS = 2_048;
const KEPT = MOST_KEYS + 1;
/** Periods are numbered from here on, so that none is negative. */
export const LEAST_PERIOD = -(2 ** 31);

/** Two hashes of 32 bits, of which the first decides the order. */
export interface HashedKey {
  first: number;
  second: number;
}

export interface SampledKey extends HashedKey {
  /** In which it had an event, ascending. */
  periods: number[];
}

/**
 * The periods of the keys with the smallest hashes: which keys these are depends on nothing but which there were, so that
 * the sample of a union is made of samples. As a state: `keys` the first hashes of all pairs of key and period, then the second
 * ones, then the periods, in this order; `counts` the earliest period, also of keys that are not kept, and how many keys are.
 */
export interface KeySample {
  /** By the first hash. */
  byFirst: Map<number, SampledKey[]>;
  /** Keys, and pairs of key and period. There may be twice as many as are kept, so that they are seldom sorted. */
  size: number;
  pairs: number;
  /** No key beyond it is kept. */
  last: HashedKey | null;
  /** Infinity before the first. */
  earliest: number;
}

export const createKeySample = (): KeySample => ({
  byFirst: new Map(),
  size: 0,
  pairs: 0,
  last: null,
  earliest: Number.POSITIVE_INFINITY,
});

const compareKeys = (a: HashedKey, b: HashedKey): number => a.first - b.first || a.second - b.second;

export function addPeriod(sample: KeySample, key: HashedKey, period: number): void {
  sample.earliest = Math.min(sample.earliest, period);
  if (sample.last !== null && compareKeys(key, sample.last) > 0) return;
  const list = sample.byFirst.get(key.first) ?? [];
  let own = list.find(({ second }) => second === key.second);
  if (own === undefined) {
    own = { first: key.first, second: key.second, periods: [] };
    list.push(own);
    sample.byFirst.set(key.first, list);
    sample.size += 1;
  }
  if (!insert(own.periods, period)) return;
  sample.pairs += 1;
  if (sample.size >= KEPT * 2) prune(sample);
}

/** Returns whether it was not there. Most events are of the latest period. */
function insert(periods: number[], period: number): boolean {
  let at = periods.length;
  while (at > 0 && periods[at - 1]! > period) at -= 1;
  if (periods[at - 1] === period) return false;
  periods.splice(at, 0, period);
  return true;
}

export function forEachKey({ byFirst }: KeySample, visit: (key: SampledKey) => void): void {
  for (const list of byFirst.values()) for (const key of list) visit(key);
}

/** Returns the keys that are kept, by their hashes: the canonical form. */
export function sampledKeys(sample: KeySample): SampledKey[] {
  const keys = [...sample.byFirst.values()].flat().sort(compareKeys);
  return keys.slice(0, KEPT);
}

function prune(sample: KeySample): void {
  const keys = sampledKeys(sample);
  sample.byFirst = Map.groupBy(keys, ({ first }) => first);
  sample.size = keys.length;
  sample.pairs = keys.reduce((sum, { periods }) => sum + periods.length, 0);
  sample.last = keys.at(-1) ?? null;
}
