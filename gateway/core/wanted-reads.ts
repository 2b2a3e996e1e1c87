import { MAX_TIMESTAMP } from '#contracts/timestamp.ts';
import type { MetricViews, ReadRequest } from './metric-views.ts';

/** Reads of the Store that the core wants, until whoever drives it takes them. */
export class WantedReads {
  #wanted: ReadRequest[] = [];
  #count = 0;

  take(): ReadRequest[] {
    const wanted = this.#wanted;
    this.#wanted = [];
    return wanted;
  }

  /** Panes in [from, to); one that has not begun yet and covers them does for both. */
  ask(of: MetricViews, from: number, to: number): void {
    const waiting = this.#wanted.find((r) => of.reads.has(r.id) && r.from <= from && r.to >= to);
    if (waiting !== undefined) return;
    const request = { id: this.#count++, metric: of.metric, version: of.version, from, to };
    of.reads.set(request.id, request);
    this.#wanted.push(request);
  }

  /** Everything that is held for views, once more. */
  askAgain(of: MetricViews): void {
    if (of.hot.from < MAX_TIMESTAMP) this.ask(of, of.hot.from, MAX_TIMESTAMP);
  }

  /** Makes sure that the range of a view is there or being read. */
  cover(of: MetricViews, { start, end }: { start: number; end: number }): void {
    if (end === 0 || start >= of.hot.from) return;
    this.ask(of, start, Math.min(of.hot.from, MAX_TIMESTAMP));
    of.hot.hold(start);
  }
}
