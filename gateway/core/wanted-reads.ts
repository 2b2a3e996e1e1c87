import { MAX_TIMESTAMP } from '#contracts/event/timestamp.ts';
import type { Needs } from './hot/hot-series.ts';
import {
  type MetricViews,
  type PanesRead,
  type ReadRequest,
  settledPane,
  type WindowsRead,
} from './metric-views.ts';
import type { Progress } from './progress.ts';
import type { LiveView } from './view/live-view.ts';

/** Reads of the Store that the core wants, until its driver drains them. */
export class WantedReads {
  #panes: PanesRead[] = [];
  /** At most one for each view. */
  readonly #windows = new Map<LiveView, WindowsRead>();
  #count = 0;

  /** Returns and removes the reads that are still wanted and whose needs are committed. */
  drain(committed: (part: string) => number, isWanted: (read: ReadRequest) => boolean): ReadRequest[] {
    const drained: ReadRequest[] = this.#panes.filter(isWanted);
    this.#panes = [];
    for (const [view, read] of this.#windows) {
      if (isWanted(read) && !isMet(read.needs, committed)) continue;
      this.#windows.delete(view);
      if (isWanted(read)) drained.push(read);
    }
    return drained;
  }

  /** Requests panes in [from, to), unless a waiting read covers them. */
  requestPanes(entry: MetricViews, from: number, to: number): void {
    if (this.#panes.some((r) => entry.reads.get(r.id) === r && r.from <= from && r.to >= to)) return;
    const { metric, version } = entry;
    const request: PanesRead = { kind: 'panes', id: this.#count++, metric, version, from, to };
    entry.reads.set(request.id, request);
    this.#panes.push(request);
  }

  /** Requests windows of a view; a read that has not begun yet is widened. */
  requestWindows(view: LiveView, range: { from: number; to: number }, needs: Needs): void {
    if (range.from >= range.to) return;
    const waiting = this.#windows.get(view);
    if (waiting !== undefined) {
      waiting.from = Math.min(waiting.from, range.from);
      waiting.to = Math.max(waiting.to, range.to);
      waiting.needs = highest(waiting.needs, needs);
      return;
    }
    const { metric } = view.request;
    const { version } = view;
    const request: WindowsRead = {
      kind: 'windows',
      id: this.#count++,
      metric,
      version,
      ...range,
      view,
      needs,
    };
    view.reads.add(request.id);
    this.#windows.set(view, request);
  }

  /** Requests everything that is held for views once more. */
  requestAll(entry: MetricViews): void {
    if (entry.hot.from < MAX_TIMESTAMP) this.requestPanes(entry, entry.hot.from, MAX_TIMESTAMP);
    for (const view of entry.views) this.#requestHistory(entry, view);
  }

  /** Requests what the range of a view lacks. */
  cover(entry: MetricViews, view: LiveView, progress: Progress): void {
    if (view.end === 0) return;
    const { hot } = entry;
    view.cut = Math.min(settledPane(entry, progress), hot.from);
    const from = Math.max(view.cut, view.start);
    if (from < hot.from) {
      this.requestPanes(entry, from, Math.min(hot.from, MAX_TIMESTAMP));
      hot.keepFrom(from);
    }
    this.#requestHistory(entry, view);
  }

  /** Requests the windows around panes below the view's cut, once the Store has all states of them that are known here. */
  requestLate({ hot }: MetricViews, view: LiveView, { first, last }: { first: number; last: number }): void {
    const from = view.windowOf(first);
    const to = Math.min(view.windowOf(last) + view.request.window, view.cut);
    this.requestWindows(view, { from, to }, hot.needsOf(from, to));
  }

  #requestHistory({ hot }: MetricViews, view: LiveView): void {
    if (view.end === 0 || view.start >= view.cut) return;
    this.requestWindows(view, { from: view.start, to: view.cut }, hot.needsOf(view.start, view.cut));
  }
}

function isMet(needs: Needs, committed: (part: string) => number): boolean {
  for (const [part, next] of needs) if (committed(part) < next) return false;
  return true;
}

function highest(a: Needs, b: Needs): Needs {
  const both = new Map(a);
  for (const [part, next] of b) both.set(part, Math.max(next, both.get(part) ?? 0));
  return both;
}
