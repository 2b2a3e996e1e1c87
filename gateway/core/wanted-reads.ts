import { MAX_TIMESTAMP } from '#contracts/event/timestamp.ts';
import { floorOn } from '#contracts/view/windows.ts';
import type { Needs } from './hot/hot-series.ts';
import {
  type MetricViews,
  type PanesRead,
  type ReadRequest,
  settledPane,
  type WindowsRead,
} from './metric-views.ts';
import type { Progress } from './progress.ts';
import type { EarlierRead } from './view/earlier-read.ts';
import type { LiveView } from './view/live-view.ts';

/** Reads of the Store that the core wants, until its driver drains them. */
export class WantedReads {
  #panes: PanesRead[] = [];
  /** At most one for each range of a view: a read that has not begun yet is widened. */
  readonly #ranges = new Map<LiveView, WindowsRead>();
  /** Few for each view: none is requested while another of its kind is under way. */
  #others: WindowsRead[] = [];
  /** Reads of windows that have begun and may not have ended. */
  readonly #running = new Set<WindowsRead>();
  #count = 0;

  /** Returns and removes the reads that are still wanted and whose needs are committed. */
  drain(committed: (part: string) => number, isWanted: (read: ReadRequest) => boolean): ReadRequest[] {
    const drained: ReadRequest[] = this.#panes.filter(isWanted);
    this.#panes = [];
    // One that began earlier would bring what is older, and perhaps later.
    for (const read of this.#running) if (!isWanted(read)) this.#running.delete(read);
    const busy = new Set([...this.#running].map((read) => `${read.target} ${read.view.key}`));
    const canBegin = (read: WindowsRead) =>
      isMet(read.needs, committed) && !busy.has(`${read.target} ${read.view.key}`);
    const waiting = [...this.#ranges.values(), ...this.#others].filter(isWanted);
    const begun = waiting.filter(canBegin);
    for (const read of begun) this.#running.add(read);
    this.#others = waiting.filter((read) => read.target !== 'range' && !canBegin(read));
    for (const [view, read] of this.#ranges)
      if (!waiting.includes(read) || canBegin(read)) this.#ranges.delete(view);
    return [...drained, ...begun];
  }

  /** Requests panes in [from, to), unless a waiting read covers them. */
  requestPanes(entry: MetricViews, from: number, to: number): void {
    if (this.#panes.some((r) => entry.reads.get(r.id) === r && r.from <= from && r.to >= to)) return;
    const { metric, version } = entry;
    const request: PanesRead = { kind: 'panes', id: this.#count++, metric, version, from, to };
    entry.reads.set(request.id, request);
    this.#panes.push(request);
  }

  /** Requests windows of a view below its cut, by their starts. */
  requestWindows(
    { hot }: MetricViews,
    view: LiveView,
    { first, last }: { first: number; last: number },
  ): void {
    const { timeline } = view.range;
    const [from, to] = [first, Math.min(view.range.endOf(last), view.contents.cut)];
    if (timeline === null || first > last || from >= to) return;
    const needs = hot.needsOf(from, to);
    const waiting = this.#ranges.get(view);
    if (waiting !== undefined && view.reads.has(waiting.id)) {
      waiting.from = Math.min(waiting.from, from);
      waiting.to = Math.max(waiting.to, to);
      waiting.first = Math.min(waiting.first, first);
      waiting.last = Math.max(waiting.last, last);
      waiting.needs = highest(waiting.needs, needs);
      return;
    }
    const { windows } = timeline;
    const request = this.#windowsRead(view, { target: 'range', windows, first, last, from, to, needs });
    view.reads.add(request.id);
    this.#ranges.set(view, request);
  }

  /** Requests windows of the earlier range that a view is compared with. */
  requestEarlier({ hot }: MetricViews, view: LiveView, reads: readonly EarlierRead[]): void {
    for (const { windows, first, last, to, isOpen } of reads) {
      if (isOpen) view.reads.delete(view.openRead ?? -1);
      if (first >= to) continue;
      const needs = hot.needsOf(first, to);
      const read = { target: 'earlier', windows, first, last, from: first, to, needs } as const;
      const request = this.#windowsRead(view, read);
      view.reads.add(request.id);
      if (isOpen) view.openRead = request.id;
      this.#others.push(request);
    }
  }

  /** Requests the value of every group over the range of a view. It does not hold the view up where groups are known already. */
  requestRanking(view: LiveView): void {
    const [from, to] = [view.start, view.end];
    if (from >= to || view.ranking !== null) return;
    const windows = { kind: 'list', bounds: [from, to] } as const;
    const request = this.#windowsRead(view, {
      target: 'ranking',
      windows,
      first: from,
      last: from,
      from,
      to,
      needs: new Map(),
    });
    view.top?.begin();
    view.ranking = request.id;
    if (view.top?.members === null) view.reads.add(request.id);
    this.#others.push(request);
  }

  #windowsRead(
    view: LiveView,
    read: Omit<WindowsRead, 'kind' | 'id' | 'metric' | 'version' | 'view'>,
  ): WindowsRead {
    const { metric } = view.request;
    return { kind: 'windows', id: this.#count++, metric, version: view.version, view, ...read };
  }

  /** Requests everything that is held for views once more. */
  requestAll(entry: MetricViews): void {
    if (entry.hot.from < MAX_TIMESTAMP) this.requestPanes(entry, entry.hot.from, MAX_TIMESTAMP);
    for (const view of entry.views) {
      this.#requestHistory(entry, view);
      if (view.earlier !== null) this.requestEarlier(entry, view, view.earlier.rereads(-Infinity, Infinity));
    }
  }

  /** Requests what the range of a view lacks. */
  cover(entry: MetricViews, view: LiveView, progress: Progress): void {
    if (view.range.timeline === null) return;
    const { hot } = entry;
    view.contents.cut = Math.min(settledPane(entry, progress), hot.from);
    const from = view.neededFrom;
    if (from < hot.from) {
      this.requestPanes(entry, from, Math.min(hot.from, MAX_TIMESTAMP));
      hot.keepFrom(from);
    }
    this.#requestHistory(entry, view);
  }

  /** Requests the windows around panes below the view's cut, once the Store has all states of them that are known here. */
  requestLate(entry: MetricViews, view: LiveView, { first, last }: { first: number; last: number }): void {
    const starts = [first, last].flatMap((pane) => view.range.windowsHolding(pane));
    if (starts.length === 0) return;
    this.requestWindows(entry, view, { first: Math.min(...starts), last: Math.max(...starts) });
  }

  #requestHistory(entry: MetricViews, view: LiveView): void {
    const { timeline } = view.range;
    if (timeline === null) return;
    // Which groups are shown is asked first.
    if (view.top?.members === null) {
      this.requestRanking(view);
      return;
    }
    if (view.start >= view.contents.cut) return;
    const last = Math.min(timeline.last, floorOn(timeline.windows, view.contents.cut - 1));
    this.requestWindows(entry, view, { first: timeline.first, last });
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
