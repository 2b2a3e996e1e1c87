import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

/** One bucket a name, all of one rate; see `TokenBucket`. */
export interface BucketTable {
  consume(name: string, n: number, now: number): number;
  spend(name: string, n: number, now: number): void;
  /** Names that are remembered. */
  size(): number;
}

export interface BucketTableOptions {
  rate: number;
  burst: number;
  /** Names remembered at most. */
  cap?: number;
}

/** ms between two sweeps for buckets that are full again. */
const SWEEP = 1_000;

/**
 * Its memory is bounded: a full bucket is forgotten within a second, since it equals a new one; and when the number of
 * names reaches `cap`, the oldest tenth is dropped. A dropped name starts again with a full bucket, so the error favours
 * the caller.
 */
export function createBucketTable({ rate, burst, cap = 20_000 }: BucketTableOptions): BucketTable {
  const buckets = new Map<string, TokenBucket>();
  let swept = Number.NEGATIVE_INFINITY;

  const sweep = (now: number): void => {
    swept = now;
    for (const [name, bucket] of buckets) if (bucket.isFull(now)) buckets.delete(name);
  };
  /** Drops a tenth at once, so that in a flood of names the scan of all of them is rare. */
  const makeRoom = (now: number): void => {
    sweep(now);
    if (buckets.size < cap) return;
    let spare = Math.ceil(cap / 10);
    for (const name of buckets.keys()) {
      if (spare-- === 0) return;
      buckets.delete(name);
    }
  };
  const bucketOf = (name: string, now: number): TokenBucket => {
    if (Math.abs(now - swept) >= SWEEP) sweep(now);
    const known = buckets.get(name);
    if (known !== undefined) return known;
    if (buckets.size >= cap) makeRoom(now);
    const made = createTokenBucket(rate, burst);
    buckets.set(name, made);
    return made;
  };
  return {
    consume: (name, n, now) => bucketOf(name, now).consume(n, now),
    spend: (name, n, now) => bucketOf(name, now).spend(n, now),
    size: () => buckets.size,
  };
}
