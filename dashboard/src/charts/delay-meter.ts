/** The newest N delays: percentiles and a small histogram of them. */
export interface DelayMeter {
  add(ms: number): void;
  /** Nearest rank; null before the first delay. */
  percentile(share: number): number | null;
  /** Counts per bucket; each bucket is √2 times as long as the one before, the last takes all above. */
  histogram(): number[];
  readonly count: number;
}

const BUCKETS = 12;
const FIRST_BUCKET = 16;

export function createDelayMeter(capacity = 512): DelayMeter {
  const delays = new Float64Array(capacity);
  let added = 0;
  const held = (): Float64Array => delays.slice(0, Math.min(added, capacity));
  return {
    get count() {
      return Math.min(added, capacity);
    },
    add(ms) {
      delays[added % capacity] = Math.max(0, ms);
      added++;
    },
    percentile(share) {
      const sorted = held().sort();
      if (sorted.length === 0) return null;
      return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
    },
    histogram() {
      const counts = new Array<number>(BUCKETS).fill(0);
      for (const ms of held()) {
        const bucket = Math.floor(2 * Math.log2(Math.max(1, ms / FIRST_BUCKET)));
        counts[Math.min(BUCKETS - 1, bucket)]!++;
      }
      return counts;
    },
  };
}
