import { MillraceError } from '#contracts/errors.ts';
import type { WindowRow } from '#contracts/log/rows.ts';
import type { FrameView } from '#contracts/view/frame.ts';
import { startsOf, type Timeline } from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';
import { alignOf } from '#contracts/view/window-align.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import type { PreviewReads, WindowRange } from '#platform/store/store.ts';
import type { FoldedMetric } from '../core/derived/expand-derived.ts';
import type { PanesRead, ReadRequest, WindowsRead } from '../core/metric-views.ts';
import { LiveView } from '../core/view/live-view.ts';
import { ViewHub } from '../core/view-hub.ts';
import { readAhead } from '../views/read-ahead.ts';
import { type Reading, readPanePages, readWindowPages } from '../views/read-pages.ts';
import { idOfText } from '../views/view-id.ts';
import { checkCells, checkTable, type ViewLimits } from '../views/view-limits.ts';
import type { ArchivedPosition } from './archived-position.ts';
import type { RangeSurvey } from './range-survey.ts';

/** A view of a metric that is not saved, as if it were, with what it shows. */
export interface FoldedView {
  live: LiveView;
  contents: FrameView;
  timeline: Timeline | null;
  earlier: Timeline | null;
}

export interface FoldBounds extends ViewLimits {
  /** States in memory: of panes that can still change. */
  cells: number;
  hotBytes: number;
}

/**
 * A hub that holds one view, at a position at which nothing moves any more: the very code that gives the values of saved metrics
 * gives those of a preview, from reads that fold the archive. All is settled, so that states in memory are of the newest pane alone.
 */
export function openFoldedView(
  view: View,
  known: FoldedMetric,
  position: ArchivedPosition,
  bounds: FoldBounds,
) {
  const hub = new ViewHub({
    ...bounds,
    offset: 0,
    ends: new Map([[PARTITION, 0]]),
    commits: [],
    idOf: idOfText,
  });
  const { asOf, shown } = position;
  const facts = { partition: PARTITION, next: 0, committed: 0, watermark: shown, asOf, shown };
  hub.apply(0, { kind: 'facts', partitions: [facts] });
  hub.progress.settle(asOf + known.metric.lateness);
  const live = hub.open(view, known.version, known);
  if (!(live instanceof LiveView)) throw new TypeError('A preview is one of a metric that folds events.');
  return { hub, live, stamp: { asOf, watermark: shown } };
}

export type OpenedFold = ReturnType<typeof openFoldedView>;

/** What is read is merged of all partitions. */
const PARTITION = 0;

export interface FoldReads {
  reads: PreviewReads;
  survey: RangeSurvey;
  limits: ViewLimits;
  /** Throws where nobody waits any more. */
  check(): void;
  /** Called when more of the range is there: its newest windows, which are what the view shows for now. Not where one depends on all of it. */
  grown?: () => Promise<void>;
}

/** Reads what the view wants, its newest windows first. */
export async function readFold({ hub, live, stamp }: OpenedFold, options: FoldReads): Promise<void> {
  const { survey } = options;
  live.contents.stamp(stamp, 0);
  // How large states are is known before the first of them is read.
  await survey.slice(0);
  for (;;) {
    const wanted = hub.drainReads();
    for (const request of wanted) {
      await readOne({ hub, live }, request, options);
      hub.endRead(request);
    }
    throwEnded(hub, live, options.limits);
    if (hub.isFillable) await runInTurns(hub.filling());
    else if (wanted.length === 0) break;
  }
  if (!hub.isReady(live)) throw new TypeError('A preview has read all that it wants and is not ready.');
}

/** Returns what the view shows now; `isPart`: of the newest windows of its range. */
export async function contentsOf(
  live: LiveView,
  { limits, isPart = false }: { limits: ViewLimits; isPart?: boolean },
): Promise<FoldedView> {
  await runInTurns(live.contents.compute());
  const fault = checkTable(live, limits.viewCells);
  if (fault !== null) throw new MillraceError(fault);
  const contents = await runInTurns(live.snapshot());
  // All that a part shows is known, wherever history begins.
  if (isPart) contents.begins ??= live.start;
  return { live, contents, timeline: live.range.timeline, earlier: live.earlier?.timeline ?? null };
}

async function readOne(
  of: Pick<OpenedFold, 'hub' | 'live'>,
  request: ReadRequest,
  options: FoldReads,
): Promise<void> {
  if (!of.hub.isWanted(request)) return;
  if (request.kind === 'panes') await readPanes(of, request, options);
  else await readWindows(of, request, options);
}

/** Reads the panes at the end of the range, and gives them to the view at once: parts show them. */
async function readPanes(
  { hub, live }: Pick<OpenedFold, 'hub' | 'live'>,
  request: PanesRead,
  options: FoldReads,
): Promise<void> {
  for await (const rows of readAhead(readPanePages(request, options.survey.size, readingOf(options)))) {
    await runInTurns(hub.applyingRows(request, rows));
    const fault = hub.checkCapacity(0);
    if (fault !== null) throw new MillraceError(fault);
  }
  if (options.grown === undefined) return;
  const { hot } = live.source;
  for (const pane of hot.panesOf(live.contents.cut, Number.POSITIVE_INFINITY))
    for (const cell of hot.pane(pane)?.values() ?? []) live.contents.touch(cell, 0, null);
}

/** Reads windows, the newest first: of each slice of the survey those that begin in it. */
async function readWindows(
  { hub, live }: Pick<OpenedFold, 'hub' | 'live'>,
  request: WindowsRead,
  options: FoldReads,
): Promise<void> {
  const { survey, limits, grown } = options;
  const { windows, first, last } = request;
  const starts = [...startsOf({ windows, first, last, limit: last })];
  const isGrowing = grown !== undefined && request.target === 'range' && first === live.start;
  for (let number = 0, rest = starts.length; rest > 0; number++) {
    const slice = await survey.slice(number);
    const before = slice === null ? -1 : starts.findLastIndex((start) => start < slice.from);
    const next = Math.min(before + 1, rest);
    if (next === rest) continue;
    const some = { ...request, first: starts[next]!, last: starts[rest - 1]! };
    rest = next;
    if (isGrowing) live.range.beginAt(some.first);
    // The slice bounds what a statement folds.
    const size = { ...survey.size, rows: 0 };
    for await (const page of readAhead(readWindowPages(some, size, readingOf(options)))) {
      await runInTurns(hub.applyingRows(request, page.rows, page.form));
      throwEnded(hub, live, limits);
    }
    if (isGrowing && rest > 0) await grown();
  }
}

/** The reads of pages, which fold by units where that gives the same. */
function readingOf({ reads, survey, check }: FoldReads): Reading {
  const readWindows = (range: WindowRange): Promise<WindowRow[]> => {
    check();
    return reads.readWindows({
      ...range,
      unit: survey.unitIn(range.from, range.to, alignOf(range.view.windows)),
    });
  };
  const readPanes: PreviewReads['readPanes'] = (page) => {
    check();
    return reads.readPanes(page);
  };
  return { store: { readPanes, readWindows }, call: (read) => read(), isWanted: () => true };
}

/** Throws the fault of a view that has ended, or is too large. */
function throwEnded(hub: ViewHub, live: LiveView, limits: ViewLimits): void {
  const fault = hub.isOpen(live) ? checkCells(live, limits) : hub.drainEnded()[0]?.fault;
  if (fault) throw new MillraceError(fault);
}
