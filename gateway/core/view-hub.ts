import type { Fault } from '#contracts/errors.ts';
import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import type { Update } from '#contracts/log/update.ts';
import { SECOND } from '#contracts/text/duration.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import type { ResumeCursor } from '#contracts/view/protocol.ts';
import type { View } from '#contracts/view/view.ts';
import { applyRows } from './apply-rows.ts';
import {
  applyUpdate,
  closePart,
  fillViews,
  type HubState,
  hasFillable,
  isPartReady,
} from './apply-updates.ts';
import type { ExpandedMetric, FoldedMetric } from './derived/expand-derived.ts';
import { applyEnd, applyFailure } from './end-read.ts';
import { FULL, HotBounds } from './hot/hot-bounds.ts';
import type { HubStart } from './hub-start.ts';
import { Join } from './join.ts';
import { KnownBackfills } from './known-backfills.ts';
import { MetricTable } from './metric-table.ts';
import { concerns, type HistoryBegin, isUnderWay, noteBegin, type ReadRequest } from './metric-views.ts';
import { openDerived, openLive } from './open-in-hub.ts';
import { Progress } from './progress.ts';
import { finish, type Steps } from './steps.ts';
import type { EndedView, OpenView } from './view/live-view.ts';
import { resumeView } from './view/resume-view.ts';
import { keyOf } from './view/view-source.ts';
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
  readonly #start: HubStart;
  readonly #metrics = new MetricTable();
  readonly #views = new Map<string, OpenView>();
  /** Of views that are kept elsewhere: those that have changed. */
  readonly #told = new Set<OpenView>();
  readonly #state: HubState;
  #ended: EndedView[] = [];
  /** The cursor offset after the newest record of which something was applied. */
  #mark: number;

  constructor(start: HubStart) {
    const { offset, ends, commits, cells } = start;
    this.offset = offset;
    this.#mark = offset;
    this.join = new Join(ends);
    this.progress = new Progress(ends.size);
    this.progress.start(commits);
    this.backfills = new KnownBackfills({ partitions: ends.size, commits, failureOf: start.backfillFailure });
    this.#bounds = new HotBounds(this.#metrics, { cells, hotBytes: start.hotBytes ?? Infinity });
    this.#start = start;
    this.#state = {
      progress: this.progress,
      join: this.join,
      backfills: this.backfills,
      metrics: this.#metrics,
      wanted: new WantedReads(),
      empty: new Set(),
      changed: new Set(),
      rankEvery: start.rankEvery ?? 10 * SECOND,
      stride: start.stride ?? 2_000,
    };
  }

  get count(): number {
    return this.#views.size;
  }

  get views(): IterableIterator<OpenView> {
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
    finish(this.filling());
  }

  /** Does the same in steps. Records are applied one after the other; anything else may happen between two steps. */
  *applying(offset: number, update: Update | null): Steps {
    const mark = offset + 1;
    this.#mark = mark;
    if (update !== null) yield* applyUpdate(this.#state, update, mark);
    this.offset = mark;
  }

  /** Gets or opens the view of a request; it can answer once `isReady`. */
  open(request: View, version: number, metric: Omit<FoldedMetric, 'version'> | ExpandedMetric): OpenView {
    const key = keyOf(request, version);
    const open = this.#views.get(key);
    if (open !== undefined) return open;
    const opening = { state: this.#state, start: this.#start, position: () => this.offset };
    const view =
      'parts' in metric
        ? openDerived(opening, request, { key, version, metric })
        : openLive(opening, request, { key, version, ...metric });
    this.#views.set(key, view);
    return view;
  }

  /** Adds a view that is kept elsewhere, with no part here: `noteChange` says when it has changed. */
  adopt(view: OpenView): void {
    this.#views.set(view.key, view);
    this.#told.add(view);
  }

  noteChange(view: OpenView): void {
    if (this.isOpen(view)) this.#told.add(view);
  }

  /** Whether `filling` has a view to give its first contents. */
  get isFillable(): boolean {
    return hasFillable(this.#state);
  }

  /** Computes, in steps, the first contents of views whose history was read. One runs at a time. */
  filling(): Steps {
    return fillViews(this.#state, () => this.#mark);
  }

  /** Closes a view and drops what only it needed. */
  close(view: OpenView): void {
    if (!this.isOpen(view)) return;
    this.#views.delete(view.key);
    if (view.parts.length === 0) this.#told.add(view);
    for (const part of view.parts)
      closePart(this.#state, this.#metrics.getOrCreate(part.request.metric, part.version), part);
  }

  isOpen(view: OpenView): boolean {
    return this.#views.get(view.key) === view;
  }

  /** Whether the view can answer now: its history was read, it waits for no read, and all windows of its range have begun. */
  isReady(view: OpenView): boolean {
    return view.isSettled && view.parts.every((part) => isPartReady(this.#metrics, part));
  }

  /** Returns, in steps at rest, what changed since a cursor; all contents where the cursor is older than the view can answer. */
  *since(view: OpenView, cursor: number): Steps<FrameView> {
    yield* view.prepare();
    return yield* cursor >= view.floor! ? view.changesSince(cursor) : view.snapshot();
  }

  /** Returns the same for a returning client; until the join is done, always the whole contents. */
  resume(view: OpenView, cursor: ResumeCursor, identity: string): Steps<FrameView> {
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
    const committed = (part: string) => this.progress.committed(part);
    return this.#state.wanted.drain(committed, (read) => this.isWanted(read));
  }

  /** Whether a view still waits for a read: of one that was closed it would hold up those of its successor. */
  isWanted(read: ReadRequest): boolean {
    const entry = this.#metrics.get(read.metric, read.version);
    const isHeld = read.kind === 'panes' || this.isOpen(read.view.shownAs);
    return entry !== undefined && isHeld && isUnderWay(entry, read);
  }

  drainEnded(): EndedView[] {
    const ended = this.#ended;
    this.#ended = [];
    return ended;
  }

  /** Returns the views whose contents, size or readiness have changed since the last call, or that were closed. */
  drainChanged(): Set<OpenView> {
    const changed = new Set([...this.#told, ...[...this.#state.changed].map((view) => view.shownAs)]);
    this.#state.changed.clear();
    this.#told.clear();
    return changed;
  }

  finishRead(request: ReadRequest, rows: readonly (PaneRow | WindowRow)[] = []): void {
    finish(this.applyingRows(request, rows));
    this.endRead(request);
    finish(this.filling());
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

  /** Whether the Store is to be asked where the history of a metric begins. */
  lacksBegin({ metric, version }: ReadRequest): boolean {
    return this.#metrics.get(metric, version)?.begin?.first === undefined;
  }

  /** Where the history of a metric begins, as the Store was asked for a read. */
  noteBegin({ metric, version }: Pick<ReadRequest, 'metric' | 'version'>, begin: HistoryBegin): void {
    const entry = this.#metrics.get(metric, version);
    if (entry !== undefined) noteBegin(entry, begin);
  }

  /** To be called when all rows of a read are applied. */
  endRead(request: ReadRequest): void {
    const entry = this.#metrics.get(request.metric, request.version);
    if (entry === undefined || !this.isWanted(request)) return;
    applyEnd(this.#state, entry, { request, mark: this.offset + 1 });
    if (!this.#bounds.isAbove(1, 0)) return;
    for (const view of entry.views) {
      if (concerns(request, view) && view.floor === null)
        this.end(view.shownAs, this.#bounds.tooMany(entry.hot.size));
    }
  }

  /** To be called when a read is given up: ends the views that need it. */
  failRead(request: ReadRequest, fault: Fault): void {
    const entry = this.#metrics.get(request.metric, request.version);
    if (entry === undefined || !this.isWanted(request)) return;
    for (const view of applyFailure(entry, request)) this.end(view.shownAs, fault);
  }

  /** Ends the youngest views of the largest metrics while live data has grown a quarter past the bounds. */
  shed(): void {
    this.#bounds.trim();
    const next = () => this.#metrics.surplus(this.#bounds);
    for (let view = next(); view !== null; view = next()) this.end(view.shownAs, FULL);
  }

  end(view: OpenView, fault: Fault): void {
    // Two of its parts may end.
    if (!this.isOpen(view)) return;
    this.#ended.push({ view, fault });
    this.close(view);
  }

  /** Ends the views and drops the states of all versions of a metric except these. */
  retire(metric: string, folded: readonly number[], fault: Fault): void {
    for (const entry of this.#metrics.all()) {
      if (entry.metric !== metric || folded.includes(entry.version)) continue;
      for (const view of entry.views) this.end(view.shownAs, fault);
      this.#metrics.drop(entry);
    }
  }
}
