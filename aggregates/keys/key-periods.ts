import {
  createKeySample,
  forEachKey,
  type HashedKey,
  type KeySample,
  pruneSample,
  sampleKey,
} from './key-sample.ts';

/** Periods are numbered from here on, so that none is negative. */
export const LEAST_PERIOD = -(2 ** 31);

/**
 * The periods in which keys had events, ascending. As a state: `keys` the first hashes of all pairs of key and period, then the second
 * ones, then the periods, in this order; `counts` the earliest period, also of keys that are not kept, and how many keys are.
 */
export interface KeyPeriods {
  sample: KeySample<number[]>;
  /** Pairs of key and period. */
  pairs: number;
  /** Infinity before the first. */
  earliest: number;
}

export const createKeyPeriods = (): KeyPeriods => ({
  sample: createKeySample(),
  pairs: 0,
  earliest: Number.POSITIVE_INFINITY,
});

export function addPeriod(all: KeyPeriods, key: HashedKey, period: number): void {
  all.earliest = Math.min(all.earliest, period);
  const own = sampleKey(all.sample, key, () => []);
  if (own === null || !insert(own.known, period)) return;
  all.pairs += 1;
  if (!pruneSample(all.sample)) return;
  all.pairs = 0;
  forEachKey(all.sample, ({ known }) => {
    all.pairs += known.length;
  });
}

/** Returns whether it was not there. Most events are of the latest period. */
function insert(periods: number[], period: number): boolean {
  let at = periods.length;
  while (at > 0 && periods[at - 1]! > period) at -= 1;
  if (periods[at - 1] === period) return false;
  periods.splice(at, 0, period);
  return true;
}
