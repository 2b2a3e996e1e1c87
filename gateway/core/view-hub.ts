import type { Aggregate } from '#aggregates/aggregate.ts';
import type { Fault } from '#contracts/errors.ts';
import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import type { Update } from '#contracts/log/update.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { minKnown } from '#contracts/min-known.ts';
import { SECOND } from '#contracts/text/duration.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import type { ResumeCursor } from '#contracts/view/protocol.ts';
import { type View, viewText } from '#contracts/view/view.ts';
import { applyRows } from './apply-rows.ts';
import {
  applyRanking,
  applyUpdate,
  dropUnneeded,
  fillViews,
  followEarlier,
  type HubState,
  hasFillable,
} from './apply-updates.ts';
import { FULL, HotBounds } from './hot/hot-bounds.ts';
import type { HubStart } from './hub-start.ts';
import { Join } from './join.ts';
import { KnownBackfills } from './known-backfills.ts';
import { MetricTable } from './metric-table.ts';
import {
  concerns,
  type HistoryBegin,
  historyBegin,
  isReading,
  type MetricViews,
  type PanesRead,
  type ReadRequest,
  stampView,
  type WindowsRead,
} from './metric-views.ts';
import { Progress } from './progress.ts';
import { finish, type Steps } from './steps.ts';
import { type EndedView, LiveView } from './view/live-view.ts';
import { resumeView } from './view/resume-view.ts';
import { TopGroups } from './view/top-groups.ts';
import { createProjection } from './view/view-series.ts';
import { FILL_PACE, type FillPace } from './view/window-values.ts';
import { WantedReads } from './wanted-reads.ts';

/**
 * The gateway without its edges. Inputs: the start of the tail, records of the updates topic in order, rows read from
 * the Store. Outputs: reads it wants (`drainReads`), views that ended (`drainEnded`), and for every view its contents.
 * It never waits: its driver decides when a read is done, and when work that comes in steps goes on, which is what
 * the simulation varies.
 */
export class ViewHub {
  /** The cursor offset: every record below it has been applied. */
  offset: number;
  readonly progress: Progress;
  readonly join: Join;
  /** How much back-filled history its views contain. */
  readonly backfills: KnownBackfills;
  readonly #bounds: HotBounds;
  readonly #idOf: HubStart['idOf'];
  readonly #pace: FillPace;
  readonly #metrics = new MetricTable();
  readonly #views = new Map<string, LiveView>();
  readonly #wanted = new WantedReads();
  readonly #empty = new Set<LiveView>();
  readonly #changed = new Set<LiveView>();
  readonly #state: HubState;
  #ended: EndedView[] = [];

  constructor(start: HubStart) {
    const {
      offset,
      ends,
      commits,
      cells,
      hotBytes = Infinity,
      idOf,
      stride = 2_000,
      rankEvery = 10 * SECOND,
    } = start;
    this.#pace = start.pace ?? FILL_PACE;
    this.offset = offset;
    this.join = new Join(ends);
    this.progress = new Progress(ends.size);
    this.progress.start(commits);
    this.backfills = new KnownBackfills({ partitions: ends.size, commits, failureOf: start.backfillFailure });
    this.#bounds = new HotBounds(this.#metrics, { cells, hotBytes });
    this.#idOf = idOf;
    this.#state = {
      progress: this.progress,
      join: this.join,
      backfills: this.backfills,
      metrics: this.#metrics,
      wanted: this.#wanted,
      empty: this.#empty,
      changed: this.#changed,
      rankEvery,
      stride,
    };
  }

  get count(): number {
    return this.#views.size;
  }

  get views(): IterableIterator<LiveView> {
    return this.#views.values();
  }

  /** Number of states in memory. */
  size(): number {
    return this.#metrics.size();
  }

  /** Estimated memory of the states. */
  bytes(): number {
    return this.#metrics.bytes();
  }

  /** Whether the bounds leave no room for another state. */
  get full(): boolean {
    return this.#bounds.isAbove(1, 1);
  }

  /** Returns why there is no room for this many states more; null where there is. */
  checkCapacity(states: number): Fault | null {
    return this.#bounds.check(states);
  }

  /** Applies the record at `offset`; null stands for one that could not be decoded. */
  apply(offset: number, update: Update | null): void {
    finish(this.applying(offset, update));
    this.fill();
  }

  /** Does the same in steps. Records are applied one after the other; anything else may happen between two steps. */
  *applying(offset: number, update: Update | null): Steps {
    const mark = offset + 1;
    if (update !== null) yield* applyUpdate(this.#state, update, mark);
    this.offset = mark;
  }

  /** Gets or opens the view of a request; it can answer once `isReady`. */
  open(request: View, version: number, definition: { metric: Metric; aggregate: Aggregate }): LiveView {
    const key = keyOf(request, version);
    const open = this.#views.get(key);
    if (open !== undefined) return open;
    const entry = this.#metrics.getOrCreate(request.metric, version);
    entry.definition = definition;
    const top = request.top === null ? null : new TopGroups(request.top);
    const rest = definition.aggregate.adds !== 'nothing';
    const projection = createProjection(definition.metric, request, { top, rest });
    const source = { hot: entry.hot, ...definition, projection, pace: this.#pace };
    const filled = () => this.backfills.of(request.metric, version);
    const begins = () => historyBegin(entry, this.progress.lowest('asOf'), view.range.align);
    const id = this.#idOf(viewText(request));
    const view: LiveView = new LiveView({ id, key, version, request, source, top, filled, begins });
    this.#views.set(key, view);
    entry.views.add(view);
    this.#empty.add(view);
    this.#changed.add(view);
    const reach = this.progress.reach();
    if (reach !== null) view.advance(reach, this.offset);
    this.#wanted.cover(entry, view, this.progress);
    followEarlier(this.#state, entry, { view, mark: this.offset });
    stampView(entry, view, { ...this.#state, mark: this.offset });
    return view;
  }

  /** Whether `filling` has a view to give its first contents. */
  get isFillable(): boolean {
    return hasFillable(this.#state);
  }

  fill(): void {
    finish(this.filling());
  }

  /** Computes, in steps, the first contents of views whose history was read. One runs at a time. */
  filling(): Steps {
    return fillViews(this.#state, () => this.offset);
  }

  /** Closes a view and drops what only it needed. */
  close(view: LiveView): void {
    if (!this.isOpen(view)) return;
    this.#views.delete(view.key);
    this.#empty.delete(view);
    this.#changed.add(view);
    view.filling = false;
    view.reads.clear();
    const entry = this.#metrics.getOrCreate(view.request.metric, view.version);
    entry.views.delete(view);
    dropUnneeded(entry);
  }

  isOpen(view: LiveView): boolean {
    return this.#views.get(view.key) === view;
  }

  /** Whether the view can answer now: its history was read, and it waits for no read. */
  isReady(view: LiveView): boolean {
    const entry = this.#metrics.get(view.request.metric, view.version);
    return entry !== undefined && view.floor !== null && !isReading(entry, view);
  }

  /** Returns what changed since a cursor; the whole contents where the cursor is older than the view can answer. */
  since(view: LiveView, cursor: number): FrameView {
    return cursor >= view.floor! ? view.changesSince(cursor) : view.snapshot();
  }

  /** Returns the same for a returning client; until the join is done, always the whole contents. */
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

  drainReads(): ReadRequest[] {
    return this.#wanted.drain(
      (part) => this.progress.committed(part),
      (read) => this.isWanted(read),
    );
  }

  /** Whether a view still waits for a read. */
  isWanted(read: ReadRequest): boolean {
    if (read.kind === 'windows') return read.view.reads.has(read.id) || read.view.ranking === read.id;
    return this.#metrics.get(read.metric, read.version)?.reads.get(read.id) === read;
  }

  drainEnded(): EndedView[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** Returns the views whose contents, size or readiness have changed since the last call, or that were closed. */
  drainChanged(): Set<LiveView> {
    const changed = new Set(this.#changed);
    this.#changed.clear();
    return changed;
  }

  /** Applies the last rows of a read. */
  finishRead(request: ReadRequest, rows: readonly (PaneRow | WindowRow)[] = []): void {
    finish(this.applyingRows(request, rows));
    this.endRead(request);
    this.fill();
  }

  /** Applies rows of a read, in steps. */
  *applyingRows(
    request: ReadRequest,
    rows: readonly (PaneRow | WindowRow)[],
    form: 'state' | 'reduced' = 'state',
  ): Steps {
    // As of the next offset: clients at this one would not learn of the change.
    const mark = () => this.offset + 1;
    if (this.isWanted(request)) yield* applyRows(this.#state, { request, rows, form, mark });
  }

  /** Where the history of a metric begins, as the Store was asked for a read. */
  noteBegin({ metric, version }: ReadRequest, begin: HistoryBegin): void {
    const entry = this.#metrics.get(metric, version);
    if (entry === undefined) return;
    const [held = null] = entry.hot.panesOf(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    const first = minKnown(minKnown(entry.begin?.first ?? null, held), begin.first);
    entry.begin = { first, archive: begin.archive };
  }

  /** To be called when all rows of a read are applied. */
  endRead(request: ReadRequest): void {
    const entry = this.#metrics.get(request.metric, request.version);
    if (entry === undefined || !this.isWanted(request)) return;
    this.#forget(entry, request);
    if (request.kind === 'windows' && request.target === 'ranking')
      applyRanking(this.#state, entry, request.view);
    for (const view of request.kind === 'windows' ? [request.view] : entry.views) {
      this.#changed.add(view);
      followEarlier(this.#state, entry, { view, mark: this.offset + 1 });
      stampView(entry, view, { ...this.#state, mark: this.offset + 1 });
    }
    if (this.#bounds.isAbove(1, 0)) this.#refuseLarge(entry, request);
  }

  /** To be called when a read is given up: ends the views that need it. */
  failRead(request: ReadRequest, fault: Fault): void {
    const entry = this.#metrics.get(request.metric, request.version);
    if (entry === undefined || !this.isWanted(request)) return;
    this.#forget(entry, request);
    // Which groups are the highest is asked again; those of the last time are shown meanwhile.
    if (request.kind === 'windows' && request.target === 'ranking' && request.view.top?.members) return;
    if (request.kind === 'windows') this.end(request.view, fault);
    else for (const view of entry.views) if (concerns(request, view)) this.end(view, fault);
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

  /** Ends the views and drops the states of all versions of a metric except these. */
  retire(metric: string, folded: readonly number[], fault: Fault): void {
    for (const entry of this.#metrics.all()) {
      if (entry.metric !== metric || folded.includes(entry.version)) continue;
      for (const view of entry.views) this.end(view, fault);
      this.#metrics.drop(entry);
    }
  }

  #forget(entry: MetricViews, request: PanesRead | WindowsRead): void {
    if (request.kind === 'windows') {
      request.view.reads.delete(request.id);
      if (request.view.ranking === request.id) request.view.ranking = null;
    } else entry.reads.delete(request.id);
  }

  #refuseLarge(entry: MetricViews, request: ReadRequest): void {
    for (const view of entry.views) {
      if (!concerns(request, view) || view.floor !== null) continue;
      this.end(view, this.#bounds.tooMany(entry.hot.size));
    }
  }
}

const keyOf = (request: View, version: number): string => `${version} ${viewText(request)}`;
