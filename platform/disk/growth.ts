/** ms between two samples, and how many are kept: the rate of the last ten minutes. */
const EVERY = 10_000;
const KEPT = 60;
/** A rate over less says nothing, ms. */
const LEAST = 120_000;

/** How fast free space goes, over the last minutes. */
export interface Growth {
  add(now: number, free: number): void;
  /** Seconds until `free` is down to `floor` at that rate; null where it does not go, or too little was seen. */
  secondsUntil(floor: number): number | null;
}

/** Times are of a clock that only goes forward, ms. */
export function createGrowth(): Growth {
  const samples: { at: number; free: number }[] = [];
  return {
    add(at, free) {
      const last = samples.at(-1);
      if (last !== undefined && at - last.at < EVERY) return;
      samples.push({ at, free });
      if (samples.length > KEPT) samples.shift();
    },
    secondsUntil(floor) {
      const [first, last] = [samples[0], samples.at(-1)];
      if (first === undefined || last === undefined || last.at - first.at < LEAST) return null;
      const perSecond = (first.free - last.free) / ((last.at - first.at) / 1_000);
      return perSecond <= 0 ? null : Math.max(0, (last.free - floor) / perSecond);
    },
  };
}
