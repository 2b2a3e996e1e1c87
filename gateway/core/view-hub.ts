import type { Aggregate } from '#aggregates/aggregate.ts';
import type { Fault } from '#contracts/errors.ts';
import type { FrameView } from '#contracts/frame.ts';
import type { Metric } from '#contracts/metric.ts';
import type { ResumeCursor } from '#contracts/protocol.ts';
import type { CommitRow, PaneRow } from '#contracts/rows.ts';
import { MAX_TIMESTAMP } from '#contracts/timestamp.ts';
import type { BackfilledUpdate, CellsUpdate, FactsUpdate, Update } from '#contracts/update.ts';
import { type View, viewId, viewText } from '#contracts/view.ts';
import { Join } from './join.ts';
import { LiveView } from './live-view.ts';
import {
  createMetricViews,
  fillViews,
  foldPanes,
  heldFrom,
  isHeld,
  type MetricViews,
  type ReadRequest,
  stampViews,
} from './metric-views.ts';
import { Progress } from './progress.ts';
import { createProjection } from './view-series.ts';

/** A view that ended by itself. */
export interface EndedView {
  view: LiveView;
  fault: Fault;
}

/**
 * The gateway without its edges. Inputs: the start of the tail, records of the updates topic in order, rows read from
 * the Store. Outputs: reads it wants (`takeReads`), views that ended (`takeEnded`), and for every view its contents.
 * It never waits: whoever drives it decides when a read is done, which is what the simulation varies.
 */
export class ViewHub {
  /** The cursor offset: every record below it has been applied. */
  offset: number;
  readonly progress: Progress;
  readonly join: Join;
  readonly #cells: number;
  readonly #metrics = new Map<string, MetricViews>();
  readonly #views = new Map<string, LiveView>();
  #wanted: ReadRequest[] = [];
  #ended: EndedView[] = [];
  #reads = 0;

  /** `ends`: end of every events partition, noted after `offset`; `commits`: read after both. `cells`: bound of states in memory. */
  constructor(start: {
    offset: number;
    ends: ReadonlyMap<number, number>;
    commits: readonly CommitRow[];
    cells: number;
  }) {
    this.offset = start.offset;
    this.join = new Join(start.ends);
    this.progress = new Progress(start.ends.size);
    this.progress.start(start.commits);
    this.#cells = start.cells;
  }

  /** Open views. */
  get count(): number {
    return this.#views.size;
  }

  get views(): IterableIterator<LiveView> {
    return this.#views.values();
  }

  /** States in memory. */
  size(): number {
    let sum = 0;
    for (const { hot } of this.#metrics.values()) sum += hot.size;
    return sum;
  }

  /** Whether as many states are held as the bound allows. */
  get full(): boolean {
    return this.size() >= this.#cells;
  }

  /** Applies the record at `offset`; null for one that could not be read. */
  apply(offset: number, update: Update | null): void {
    this.offset = offset + 1;
    if (update?.kind === 'cells') this.#applyCells(update);
    else if (update?.kind === 'facts') this.#applyFacts(update);
    else if (update?.kind === 'backfilled') this.#applyBackfilled(update);
  }

  /** The view of a request, opened if it is not; it can answer once `isReady`. */
  open(request: View, version: number, definition: { metric: Metric; aggregate: Aggregate }): LiveView {
    const key = `${version} ${viewText(request)}`;
    const open = this.#views.get(key);
    if (open !== undefined) return open;
    const of = this.#metric(request.metric, version);
    of.definition = definition;
    const projection = createProjection(definition.metric, request);
    const source = { hot: of.hot, ...definition, projection, size: request.window };
    const view = new LiveView(viewId(request), version, request, source);
    this.#views.set(key, view);
    of.views.add(view);
    const reach = this.progress.reach();
    if (reach !== null) view.advance(reach, this.offset);
    this.#load(of, view);
    stampViews(of, this.join, this.progress);
    return view;
  }

  /** Ends a view; what only it needed is dropped. */
  close(view: LiveView): void {
    if (!this.isOpen(view)) return;
    this.#views.delete(`${view.version} ${viewText(view.request)}`);
    const of = this.#metric(view.request.metric, view.version);
    of.views.delete(view);
    this.#release(of);
  }

  isOpen(view: LiveView): boolean {
    return this.#views.get(`${view.version} ${viewText(view.request)}`) === view;
  }

  /** Whether the view can answer now: its history is there and no read holds it. */
  isReady(view: LiveView): boolean {
    const of = this.#metrics.get(keyOf(view.request.metric, view.version));
    return of !== undefined && view.floor !== null && !isHeld(of, view);
  }

  /** What changed since a cursor; the whole contents where the cursor is older than the view can answer. */
  since(view: LiveView, cursor: number): FrameView {
    return cursor >= view.floor! ? view.changesSince(cursor) : view.snapshot();
  }

  /** The same for a client that comes back, perhaps from another gateway: with the list of series, numbered here. */
  resume(view: LiveView, cursor: ResumeCursor, identity: string): FrameView {
    const known = this.join.done && cursor.epoch === identity && cursor.offset >= view.floor!;
    const { offset, end = view.end } = cursor;
    if (!known || offset > this.offset || end > view.end) return view.snapshot();
    return view.changesSince(offset, true, end);
  }

  /**
   * The epoch of the cursors given out: the log's identity. Until the join is done states may be missing, so what is
   * served then has a cursor that no gateway resumes from.
   */
  epoch(identity: string): string {
    return this.join.done ? identity : `${identity}~`;
  }

  takeReads(): ReadRequest[] {
    const wanted = this.#wanted;
    this.#wanted = [];
    return wanted;
  }

  takeEnded(): EndedView[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** The rows of a read, all parts of all groups in its range. */
  finishRead(request: ReadRequest, rows: readonly PaneRow[]): void {
    const of = this.#metrics.get(keyOf(request.metric, request.version));
    if (of === undefined || !of.reads.delete(request.id)) return;
    // A change from a Store read takes the offset of the next record: clients at this one get it then.
    const mark = this.offset + 1;
    const seen = new Set<string>();
    for (const row of rows) {
      const unfolded = of.hot.unfold(row);
      const { cell, newer } = of.hot.put(row);
      if ((unfolded || newer || row.part.startsWith('~')) && !seen.has(`${cell.pane} ${cell.key}`)) {
        seen.add(`${cell.pane} ${cell.key}`);
        for (const view of of.views) if (view.floor !== null) view.touch(cell, mark, null);
      }
    }
    fillViews(of, this.offset);
    stampViews(of, this.join, this.progress);
    if (this.size() > this.#cells) this.#refuseLarge(of, request);
  }

  /** A read that was given up: the views that cannot go on without it end. */
  failRead(request: ReadRequest, fault: Fault): void {
    const of = this.#metrics.get(keyOf(request.metric, request.version));
    if (of === undefined || !of.reads.delete(request.id)) return;
    for (const view of of.views) if (request.to > view.start) this.end(view, fault);
  }

  /** Ends the youngest views while live data has grown a quarter past the bound. */
  shed(): void {
    while (this.#views.size > 0 && this.size() > this.#cells * 1.25) {
      const message = `The gateway holds more than its limit of ${this.#cells} states; ask again later.`;
      this.end([...this.#views.values()].at(-1)!, { code: 'overloaded', message });
    }
  }

  end(view: LiveView, fault: Fault): void {
    this.#ended.push({ view, fault });
    this.close(view);
  }

  /** Of the metric's versions other than these the views end and the states are dropped. */
  retire(metric: string, folded: readonly number[], fault: Fault): void {
    for (const [key, of] of this.#metrics) {
      if (of.metric !== metric || folded.includes(of.version)) continue;
      for (const view of of.views) this.end(view, fault);
      this.#metrics.delete(key);
    }
  }

  #metric(metric: string, version: number): MetricViews {
    const key = keyOf(metric, version);
    let of = this.#metrics.get(key);
    if (of === undefined) {
      of = createMetricViews(metric, version);
      this.#metrics.set(key, of);
    }
    return of;
  }

  #applyCells(update: CellsUpdate): void {
    const of = this.#metric(update.metric, update.version);
    for (const row of update.cells) {
      const { cell, forgotten } = of.hot.put(row);
      const pane = of.definition?.metric.pane ?? 1;
      if (forgotten && row.pane >= of.hot.from) this.#read(of, row.pane, row.pane + pane);
      // Newer or not: another gateway's client may hold what was before, at a cursor below this record.
      for (const view of of.views) if (view.floor !== null) view.touch(cell, this.offset, update.received);
    }
  }

  #applyFacts(facts: FactsUpdate): void {
    this.progress.apply(facts);
    const joined = this.join.complete(this.progress);
    const reach = this.progress.reach();
    for (const [key, of] of this.#metrics) {
      if (joined) this.#reread(of);
      of.hot.settle((part) => this.progress.committed(part));
      for (const view of of.views) if (reach !== null) this.#advance(of, view, reach);
      fillViews(of, this.offset);
      this.#release(of);
      foldPanes(of, this.progress);
      stampViews(of, this.join, this.progress);
      if (of.views.size === 0 && of.hot.size === 0 && of.reads.size === 0) this.#metrics.delete(key);
    }
  }

  /** The join's second read: the views start anew from it. */
  #reread(of: MetricViews): void {
    for (const view of of.views) view.floor = null;
    if (of.hot.from < MAX_TIMESTAMP) this.#read(of, of.hot.from, MAX_TIMESTAMP);
  }

  #advance(of: MetricViews, view: LiveView, reach: number): void {
    const rangeWasUnknown = view.end === 0;
    if (!view.advance(reach, this.offset)) return;
    if (rangeWasUnknown) view.floor = null;
    this.#load(of, view);
  }

  #applyBackfilled(update: BackfilledUpdate): void {
    const of = this.#metrics.get(keyOf(update.metric, update.version));
    if (of !== undefined && of.hot.from < MAX_TIMESTAMP) this.#read(of, of.hot.from, MAX_TIMESTAMP);
  }

  /** Makes sure that the view's range is there or being read. */
  #load(of: MetricViews, view: LiveView): void {
    if (view.end > 0 && view.start < of.hot.from) {
      this.#read(of, view.start, Math.min(of.hot.from, MAX_TIMESTAMP));
      of.hot.hold(view.start);
    }
    fillViews(of, this.offset);
  }

  #read(of: MetricViews, from: number, to: number): void {
    const waiting = this.#wanted.find((r) => of.reads.has(r.id) && r.from <= from && r.to >= to);
    if (waiting !== undefined) return;
    const request = { id: this.#reads++, metric: of.metric, version: of.version, from, to };
    of.reads.set(request.id, request);
    this.#wanted.push(request);
  }

  /** Memory follows the views: nothing below the oldest range is held. */
  #release(of: MetricViews): void {
    const from = heldFrom(of);
    if (from <= of.hot.from) return;
    of.hot.hold(from);
    if (from === Number.POSITIVE_INFINITY) of.reads.clear();
  }

  #refuseLarge(of: MetricViews, request: ReadRequest): void {
    for (const view of of.views) {
      if (view.start >= request.to || view.floor !== this.offset) continue;
      const message = `The view needs more than the ${this.#cells} states that a gateway holds. Ask for a shorter range or a longer pane.`;
      this.end(view, { code: 'view_too_large', message });
    }
  }
}

const keyOf = (metric: string, version: number): string => `${version} ${metric}`;
