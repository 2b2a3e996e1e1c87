import type { Aggregate } from '#aggregates/aggregate.ts';
import type { Fault } from '#contracts/errors.ts';
import type { FrameView } from '#contracts/frame.ts';
import type { Metric } from '#contracts/metric.ts';
import type { ResumeCursor } from '#contracts/protocol.ts';
import type { CommitRow, PaneRow } from '#contracts/rows.ts';
import type { BackfilledUpdate, CellsUpdate, FactsUpdate, Update } from '#contracts/update.ts';
import { type View, viewId, viewText } from '#contracts/view.ts';
import { Join } from './join.ts';
import { LiveView } from './live-view.ts';
import { MetricTable } from './metric-table.ts';
import {
  fillViews,
  foldPanes,
  heldFrom,
  isHeld,
  type MetricViews,
  type ReadRequest,
  stampViews,
} from './metric-views.ts';
import { Progress } from './progress.ts';
import { resumeView } from './resume-view.ts';
import { takeRows } from './take-rows.ts';
import { createProjection } from './view-series.ts';
import { WantedReads } from './wanted-reads.ts';

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
  readonly #metrics = new MetricTable();
  readonly #views = new Map<string, LiveView>();
  readonly #wanted = new WantedReads();
  #ended: EndedView[] = [];

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
    return this.#metrics.size();
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
    const key = keyOf(request, version);
    const open = this.#views.get(key);
    if (open !== undefined) return open;
    const of = this.#metrics.take(request.metric, version);
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
    this.#views.delete(keyOf(view.request, view.version));
    const of = this.#metrics.take(view.request.metric, view.version);
    of.views.delete(view);
    this.#release(of);
  }

  isOpen(view: LiveView): boolean {
    return this.#views.get(keyOf(view.request, view.version)) === view;
  }

  /** Whether the view can answer now: its history is there and no read holds it. */
  isReady(view: LiveView): boolean {
    const of = this.#metrics.get(view.request.metric, view.version);
    return of !== undefined && view.floor !== null && !isHeld(of, view);
  }

  /** What changed since a cursor; the whole contents where the cursor is older than the view can answer. */
  since(view: LiveView, cursor: number): FrameView {
    return cursor >= view.floor! ? view.changesSince(cursor) : view.snapshot();
  }

  /** The same for a client that comes back; nobody resumes before the join is done. */
  resume(view: LiveView, cursor: ResumeCursor, identity: string): FrameView {
    if (!this.join.done) return view.snapshot();
    return resumeView(view, cursor, { epoch: identity, offset: this.offset });
  }

  /**
   * The epoch of the cursors given out: the log's identity. Until the join is done states may be missing, so what is
   * served then has a cursor that no gateway resumes from.
   */
  epoch(identity: string): string {
    return this.join.done ? identity : `${identity}~`;
  }

  takeReads(): ReadRequest[] {
    return this.#wanted.take();
  }

  takeEnded(): EndedView[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** The rows of a read, all parts of all groups in its range. */
  finishRead(request: ReadRequest, rows: readonly PaneRow[]): void {
    const of = this.#metrics.get(request.metric, request.version);
    if (of === undefined || !of.reads.delete(request.id)) return;
    // Clients at this offset would not be told of what happens at it.
    takeRows(of, rows, this.offset + 1);
    fillViews(of, this.offset);
    stampViews(of, this.join, this.progress);
    if (this.size() > this.#cells) this.#refuseLarge(of, request);
  }

  /** A read that was given up: the views that cannot go on without it end. */
  failRead(request: ReadRequest, fault: Fault): void {
    const of = this.#metrics.get(request.metric, request.version);
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
    for (const of of this.#metrics.all()) {
      if (of.metric !== metric || folded.includes(of.version)) continue;
      for (const view of of.views) this.end(view, fault);
      this.#metrics.drop(of);
    }
  }

  #applyCells(update: CellsUpdate): void {
    const of = this.#metrics.take(update.metric, update.version);
    for (const row of update.cells) {
      const { cell, forgotten } = of.hot.put(row);
      const pane = of.definition?.metric.pane ?? 1;
      if (forgotten && row.pane >= of.hot.from) this.#wanted.ask(of, row.pane, row.pane + pane);
      // Newer or not: another gateway's client may hold what was before, at a cursor below this record.
      for (const view of of.views) if (view.floor !== null) view.touch(cell, this.offset, update.received);
    }
  }

  #applyFacts(facts: FactsUpdate): void {
    this.progress.apply(facts);
    const joined = this.join.complete(this.progress);
    const reach = this.progress.reach();
    for (const of of this.#metrics.all()) {
      if (joined) this.#reread(of);
      of.hot.settle((part) => this.progress.committed(part));
      for (const view of of.views) if (reach !== null) this.#advance(of, view, reach);
      fillViews(of, this.offset);
      this.#release(of);
      foldPanes(of, this.progress);
      stampViews(of, this.join, this.progress);
      if (of.views.size === 0 && of.hot.size === 0 && of.reads.size === 0) this.#metrics.drop(of);
    }
  }

  /** The join's second read: the views start anew from it. */
  #reread(of: MetricViews): void {
    for (const view of of.views) view.floor = null;
    this.#wanted.askAgain(of);
  }

  #advance(of: MetricViews, view: LiveView, reach: number): void {
    const rangeWasUnknown = view.end === 0;
    if (!view.advance(reach, this.offset)) return;
    if (rangeWasUnknown) view.floor = null;
    this.#load(of, view);
  }

  #applyBackfilled(update: BackfilledUpdate): void {
    const of = this.#metrics.get(update.metric, update.version);
    if (of !== undefined) this.#wanted.askAgain(of);
  }

  #load(of: MetricViews, view: LiveView): void {
    this.#wanted.cover(of, view);
    fillViews(of, this.offset);
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

const keyOf = (request: View, version: number): string => `${version} ${viewText(request)}`;
