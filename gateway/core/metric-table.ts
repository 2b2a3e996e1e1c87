import { createMetricViews, type MetricViews } from './metric-views.ts';

/** The metric versions that a gateway holds something of. */
export class MetricTable {
  readonly #metrics = new Map<string, MetricViews>();

  get(metric: string, version: number): MetricViews | undefined {
    return this.#metrics.get(keyOf(metric, version));
  }

  /** Holds it from now on. */
  take(metric: string, version: number): MetricViews {
    const key = keyOf(metric, version);
    let of = this.#metrics.get(key);
    if (of === undefined) {
      of = createMetricViews(metric, version);
      this.#metrics.set(key, of);
    }
    return of;
  }

  drop({ metric, version }: MetricViews): void {
    this.#metrics.delete(keyOf(metric, version));
  }

  all(): IterableIterator<MetricViews> {
    return this.#metrics.values();
  }

  /** States in memory. */
  size(): number {
    let sum = 0;
    for (const { hot } of this.#metrics.values()) sum += hot.size;
    return sum;
  }

  /** The one that holds most among those with views. */
  largest(): MetricViews | undefined {
    let largest: MetricViews | undefined;
    for (const of of this.#metrics.values()) {
      if (of.views.size > 0 && of.hot.bytes >= (largest?.hot.bytes ?? 0)) largest = of;
    }
    return largest;
  }

  /** Estimate of their memory. */
  bytes(): number {
    let sum = 0;
    for (const { hot } of this.#metrics.values()) sum += hot.bytes;
    return sum;
  }

  /** Drops what is kept of merges where that takes more bytes than so many. */
  trimMerged(most: number): void {
    let sum = 0;
    for (const { hot } of this.#metrics.values()) sum += hot.merged.bytes;
    if (sum <= most) return;
    for (const { hot } of this.#metrics.values()) hot.merged.drop(Number.POSITIVE_INFINITY);
  }
}

const keyOf = (metric: string, version: number): string => `${version} ${metric}`;
