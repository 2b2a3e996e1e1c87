import type { Aggregate } from '#aggregates/aggregate.ts';
import type { Fault } from '#contracts/errors.ts';
import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import type { Update } from '#contracts/log/update.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import type { ResumeCursor } from '#contracts/view/protocol.ts';
import { type View, viewText } from '#contracts/view/view.ts';
import { applyBackfilled, applyCells, applyFacts, type Held, release } from './apply-updates.ts';
import { fillViews, hasFillable } from './fill-views.ts';
import { Fills } from './fills.ts';
import { FULL, HotBounds } from './hot/hot-bounds.ts';
import type { HubStart } from './hub-start.ts';
import { Join } from './join.ts';
import { MetricTable } from './metric-table.ts';
import {
  isHeld,
  type MetricViews,
  type PanesRead,
  type ReadRequest,
  stampView,
  type WindowsRead,
} from './metric-views.ts';
import { Progress } from './progress.ts';
import { finish, type Steps } from './steps.ts';
import { takeRows } from './take-rows.ts';
import { type EndedView, LiveView } from './view/live-view.ts';
import { resumeView } from './view/resume-view.ts';
import { createProjection } from './view/view-series.ts';
import { FILL_PACE, type FillPace } from './view/window-values.ts';
import { WantedReads } from './wanted-reads.ts';

/**
 * The gateway without its edges. Inputs: the start of the tail, records of the updates topic in order, rows read from
 * the Store. Outputs: reads it wants (`takeReads`), views that ended (`takeEnded`), and for every view its contents.
 * It never waits: whoever drives it decides when a read is done, and when work that comes in steps goes on, which is what
 * the simulation varies.
 */
export class ViewHub {
  /** The cursor offset: every record below it has been applied. */
  offset: number;
  readonly progress: Progress;
  readonly join: Join;
  /** How much history its views contain. */
  readonly fills: Fills;
  readonly #bounds: HotBounds;
  readonly #idOf: HubStart['idOf'];
  readonly #pace: FillPace;
  readonly #metrics = new MetricTable();
  readonly #views = new Map<string, LiveView>();
  readonly #wanted = new WantedReads();
  readonly #empty = new Set<LiveView>();
  readonly #changed = new Set<LiveView>();
  readonly #held: Held;
  #ended: EndedView[] = [];

  constructor(start: HubStart) {
    const { offset, ends, commits, cells, hotBytes = Infinity, idOf, stride = 2_000 } = start;
    this.#pace = start.pace ?? FILL_PACE;
    this.offset = offset;
    this.join = new Join(ends);
    this.progress = new Progress(ends.size);
    this.progress.start(commits);
    this.fills = new Fills(start);
    this.#bounds = new HotBounds(this.#metrics, { cells, hotBytes });
    this.#idOf = idOf;
    this.#held = {
      progress: this.progress,
      join: this.join,
      fills: this.fills,
      metrics: this.#metrics,
      wanted: this.#wanted,
      empty: this.#empty,
      changed: this.#changed,
      stride,
    };
  }

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

  /** Estimate of their memory. */
  bytes(): number {
    return this.#metrics.bytes();
  }

  /** Whether as many states are held as the bounds allow. */
  get full(): boolean {
    return this.#bounds.isAbove(1, 1);
  }

  /** What is wrong with holding so many states more; null where nothing is. */
  checkRoom(states: number): Fault | null {
    return this.#bounds.check(states);
  }

  /** Applies the record at `offset`; null for one that could not be read. */
  apply(offset: number, update: Update | null): void {
    finish(this.applying(offset, update));
    this.fill();
  }

  /** The same in steps. Records are applied one after the other; everything else may be done between two steps. */
  *applying(offset: number, update: Update | null): Steps {
    const mark = offset + 1;
    if (update?.kind === 'cells') yield* applyCells(this.#held, update, mark);
    else if (update?.kind === 'facts') yield* applyFacts(this.#held, update, mark);
    else if (update?.kind === 'backfilled') applyBackfilled(this.#held, update);
    this.offset = mark;
  }

  /** The view of a request, opened if it is not; it can answer once `isReady`. */
  open(request: View, version: number, definition: { metric: Metric; aggregate: Aggregate }): LiveView {
    const key = keyOf(request, version);
    const open = this.#views.get(key);
    if (open !== undefined) return open;
    const of = this.#metrics.take(request.metric, version);
    of.definition = definition;
    const projection = createProjection(definition.metric, request);
    const source = { hot: of.hot, ...definition, projection, size: request.window, pace: this.#pace };
    const filled = () => this.fills.of(request.metric, version);
    const view = new LiveView({ id: this.#idOf(viewText(request)), key, version, request, source, filled });
    this.#views.set(key, view);
    of.views.add(view);
    this.#empty.add(view);
    this.#changed.add(view);
    const reach = this.progress.reach();
    if (reach !== null) view.advance(reach, this.offset);
    this.#wanted.cover(of, view, this.progress);
    stampView(of, view, { ...this.#held, mark: this.offset });
    return view;
  }

  /** Whether there are views that `filling` would give their first contents. */
  get isFillable(): boolean {
    return hasFillable(this.#held);
  }

  fill(): void {
    finish(this.filling());
  }

  /** Gives the views that can have them their first contents, in steps. One runs at a time. */
  filling(): Steps {
    return fillViews(this.#held, () => this.offset);
  }

  /** Ends a view; what only it needed is dropped. */
  close(view: LiveView): void {
    if (!this.isOpen(view)) return;
    this.#views.delete(view.key);
    this.#empty.delete(view);
    this.#changed.add(view);
    view.filling = false;
    view.reads.clear();
    const of = this.#metrics.take(view.request.metric, view.version);
    of.views.delete(view);
    release(of);
  }

  isOpen(view: LiveView): boolean {
    return this.#views.get(view.key) === view;
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
    return this.#wanted.take(
      (part) => this.progress.committed(part),
      (read) => this.isWanted(read),
    );
  }

  /** Whether somebody still waits for a read. */
  isWanted(read: ReadRequest): boolean {
    if (read.kind === 'windows') return read.view.reads.has(read.id);
    return this.#metrics.get(read.metric, read.version)?.reads.get(read.id) === read;
  }

  takeEnded(): EndedView[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** Views of which something has changed since they were taken last: contents, size, readiness, or that they are closed. */
  takeChanged(): Set<LiveView> {
    const changed = new Set(this.#changed);
    this.#changed.clear();
    return changed;
  }

  /** The last rows of a read. */
  finishRead(request: ReadRequest, rows: readonly (PaneRow | WindowRow)[] = []): void {
    finish(this.taking(request, rows));
    this.endRead(request);
    this.fill();
  }

  /** Some rows of a read, in steps. */
  *taking(request: ReadRequest, rows: readonly (PaneRow | WindowRow)[]): Steps {
    // Clients at this offset would not be told of what happens at it.
    if (this.isWanted(request)) yield* takeRows(this.#held, { request, rows, mark: () => this.offset + 1 });
  }

  /** All rows of a read have been taken. */
  endRead(request: ReadRequest): void {
    const of = this.#metrics.get(request.metric, request.version);
    if (of === undefined || !this.isWanted(request)) return;
    this.#forget(of, request);
    for (const view of request.kind === 'windows' ? [request.view] : of.views) {
      this.#changed.add(view);
      stampView(of, view, { ...this.#held, mark: this.offset + 1 });
    }
    if (this.#bounds.isAbove(1, 0)) this.#refuseLarge(of, request);
  }

  /** A read that was given up: the views that cannot go on without it end. */
  failRead(request: ReadRequest, fault: Fault): void {
    const of = this.#metrics.get(request.metric, request.version);
    if (of === undefined || !this.isWanted(request)) return;
    this.#forget(of, request);
    if (request.kind === 'windows') this.end(request.view, fault);
    else for (const view of of.views) if (request.to > view.start) this.end(view, fault);
  }

  /** Ends the youngest views of the largest metrics while live data has grown a quarter past the bounds. */
  shed(): void {
    this.#bounds.trim();
    while (this.#bounds.isAbove(1.25, 0)) {
      const view = [...(this.#metrics.largest()?.views ?? [])].at(-1);
      if (view === undefined) return;
      this.end(view, FULL);
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

  #forget(of: MetricViews, request: PanesRead | WindowsRead): void {
    if (request.kind === 'windows') request.view.reads.delete(request.id);
    else of.reads.delete(request.id);
  }

  #refuseLarge(of: MetricViews, request: ReadRequest): void {
    for (const view of of.views) {
      if (view.start >= request.to || view.floor !== null) continue;
      this.end(view, this.#bounds.tooMany(of.hot.size));
    }
  }
}

const keyOf = (request: View, version: number): string => `${version} ${viewText(request)}`;
