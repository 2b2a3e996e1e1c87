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

/** Reads of the Store that the core wants, until whoever drives it takes them. */
export class WantedReads {
  #panes: PanesRead[] = [];
  /** One a view at most. */
  readonly #windows = new Map<LiveView, WindowsRead>();
  #count = 0;

  /** Those that somebody still waits for and that can find what they are for by now. */
  take(committed: (part: string) => number, isWanted: (read: ReadRequest) => boolean): ReadRequest[] {
    const taken: ReadRequest[] = this.#panes.filter(isWanted);
    this.#panes = [];
    for (const [view, read] of this.#windows) {
      if (isWanted(read) && !isMet(read.needs, committed)) continue;
      this.#windows.delete(view);
      if (isWanted(read)) taken.push(read);
    }
    return taken;
  }

  /** Panes in [from, to); one that has not begun yet and covers them does for both. */
  askPanes(of: MetricViews, from: number, to: number): void {
    if (this.#panes.some((r) => of.reads.get(r.id) === r && r.from <= from && r.to >= to)) return;
    const { metric, version } = of;
    const request: PanesRead = { kind: 'panes', id: this.#count++, metric, version, from, to };
    of.reads.set(request.id, request);
    this.#panes.push(request);
  }

  /** Windows of a view; one that has not begun yet takes these in. */
  askWindows(view: LiveView, range: { from: number; to: number }, needs: Needs): void {
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

  /** Everything that is held for views, once more. */
  askAgain(of: MetricViews): void {
    if (of.hot.from < MAX_TIMESTAMP) this.askPanes(of, of.hot.from, MAX_TIMESTAMP);
    for (const view of of.views) this.#askHistory(of, view);
  }

  /** Makes sure that the range of a view is there or being read. */
  cover(of: MetricViews, view: LiveView, progress: Progress): void {
    if (view.end === 0) return;
    const { hot } = of;
    view.cut = Math.min(settledPane(of, progress), hot.from);
    const from = Math.max(view.cut, view.start);
    if (from < hot.from) {
      this.askPanes(of, from, Math.min(hot.from, MAX_TIMESTAMP));
      hot.hold(from);
    }
    this.#askHistory(of, view);
  }

  /** The windows around some panes that the view holds merged, as soon as the Store has all that is known of them. */
  askLate({ hot }: MetricViews, view: LiveView, { first, last }: { first: number; last: number }): void {
    const from = view.windowOf(first);
    const to = Math.min(view.windowOf(last) + view.request.window, view.cut);
    this.askWindows(view, { from, to }, hot.needsOf(from, to));
  }

  #askHistory({ hot }: MetricViews, view: LiveView): void {
    if (view.end === 0 || view.start >= view.cut) return;
    this.askWindows(view, { from: view.start, to: view.cut }, hot.needsOf(view.start, view.cut));
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
