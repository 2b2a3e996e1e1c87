import { createMetricViews, type MetricViews } from './metric-views.ts';
import type { LiveView } from './view/live-view.ts';

/** The metric versions of which a gateway holds states or views. */
export class MetricTable {
  readonly #metrics = new Map<string, MetricViews>();

  get(metric: string, version: number): MetricViews | undefined {
    return this.#metrics.get(keyOf(metric, version));
  }

  getOrCreate(metric: string, version: number): MetricViews {
    const key = keyOf(metric, version);
    let entry = this.#metrics.get(key);
    if (entry === undefined) {
      entry = createMetricViews(metric, version);
      this.#metrics.set(key, entry);
    }
    return entry;
  }

  drop({ metric, version }: MetricViews): void {
    this.#metrics.delete(keyOf(metric, version));
  }

  all(): IterableIterator<MetricViews> {
    return this.#metrics.values();
  }

  /** Number of states in memory. */
  size(): number {
    let sum = 0;
    for (const { hot } of this.#metrics.values()) sum += hot.size;
    return sum;
  }

  /** Returns the youngest view of the largest metric while live data has grown a quarter past its bounds; null below. */
  surplus(bounds: { isAbove(times: number, more: number): boolean }): LiveView | null {
    return bounds.isAbove(1.25, 0) ? ([...(this.largest()?.views ?? [])].at(-1) ?? null) : null;
  }

  /** Returns the entry with the most bytes among those with views. */
  largest(): MetricViews | undefined {
    let largest: MetricViews | undefined;
    for (const entry of this.#metrics.values()) {
      if (entry.views.size > 0 && entry.hot.bytes >= (largest?.hot.bytes ?? 0)) largest = entry;
    }
    return largest;
  }

  /** Estimated memory of the states. */
  bytes(): number {
    let sum = 0;
    for (const { hot } of this.#metrics.values()) sum += hot.bytes;
    return sum;
  }

  /** Drops the merges that are kept where they take more than `most` bytes. */
  trimMerged(most: number): void {
    let sum = 0;
    for (const { hot } of this.#metrics.values()) sum += hot.merged.bytes;
    if (sum <= most) return;
    for (const { hot } of this.#metrics.values()) hot.merged.drop(Number.POSITIVE_INFINITY);
  }
}

const keyOf = (metric: string, version: number): string => `${version} ${metric}`;
