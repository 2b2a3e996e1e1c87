import { DAY } from '#contracts/text/duration.ts';
import { type HashedKey, type KeySample, pruneSample, sampleKey } from '../keys/key-sample.ts';

/** The longest time from an entry to the last step. */
export const MAX_SPAN = DAY;
/** A step in a progress; every time is below it. */
export const STEP = 2 ** 27;

/**
 * How far a key came, as one number below 2^32 of which the larger is the better: the highest step times `STEP`, and in the last one
 * what its time lacks to `STEP` − 1.
 */
export type Progress = number;

export const progressOf = (step: number, time: number | null): Progress =>
  step * STEP + (time === null ? 0 : STEP - 1 - time);

export const stepOf = (progress: Progress): number => Math.floor(progress / STEP);

/** Of a progress in the last step. */
export const timeOf = (progress: Progress): number => STEP - 1 - (progress % STEP);

/** The best progress of each key. As a state: `keys` the first hashes, then the second ones, then the progress of each. */
export type KeyProgress = KeySample<Progress>;

export function addProgress(all: KeyProgress, key: HashedKey, progress: Progress): void {
  const own = sampleKey(all, key, () => progress);
  if (own === null) return;
  own.known = Math.max(own.known, progress);
  pruneSample(all);
}
