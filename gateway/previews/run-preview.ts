import { setTimeout as sleep } from 'node:timers/promises';
import { DAY } from '#contracts/text/duration.ts';
import { endOfTimeline, type Timeline } from '#contracts/view/timeline.ts';
import type { View, ViewInfo } from '#contracts/view/view.ts';
import { alignOf } from '#contracts/view/window-align.ts';
import { storeWindows } from '#contracts/view/windows.ts';
import { codeOf } from '#platform/process/code-of.ts';
import { retryWithBackoff } from '#platform/process/tasks/retry-with-backoff.ts';
import type { PreviewReads, PreviewSize, PreviewTally } from '#platform/store/store.ts';
import type { FoldedMetric } from '../core/derived/expand-derived.ts';
import type { LiveView } from '../core/view/live-view.ts';
import type { GatewayDeps } from '../deps.ts';
import { describeView } from '../views/metric-lookup.ts';
import type { ArchivedPosition } from './archived-position.ts';
import { contentsOf, type FoldBounds, type FoldedView, openFoldedView, readFold } from './fold-view.ts';
import { RangeSurvey, type SliceSizes } from './range-survey.ts';

/** What somebody wants to see of a definition before saving it. */
export interface PreviewAsked {
  known: FoldedMetric;
  view: View;
}

/** What a definition gives over a range, and what it would cost. */
export interface Previewed extends FoldedView {
  info: ViewInfo;
  /** Partitions that took part: in an answer, those whose history is in. */
  partitions: number;
  tally: PreviewTally;
  size: PreviewSize;
  /** The time that was looked at, epoch ms: of the range, what is not in the future. */
  span: { from: number; to: number };
}

export interface PreviewWork {
  position: ArchivedPosition;
  bounds: FoldBounds;
  deps: Pick<GatewayDeps, 'store' | 'logger' | 'metrics'>;
  stop: AbortSignal;
  slices?: SliceSizes;
  /** It is known where history begins, and whether there is any: the range is a part of one that was evaluated. */
  isPart?: boolean;
  /** The values of the newest part of the range, more each time. */
  found(part: Previewed): void | Promise<void>;
  /** About how much of the work is done, from 0 to 1. */
  progress(done: number): void;
}

/** The first are folded in a small part of a second; a statement over the most takes about a second, and little memory. */
const SLICES: SliceSizes = { first: 50_000, most: 1_000_000 };
/** The share of the work that is done when all slices have been looked at. */
const SURVEYED = 0.95;
/** ms between two parts that are made ready: to write one takes a part of the time that reading it does. */
const PART_EVERY = 500;
const RETRY = { attempts: 4, first: 100, most: 1_000, random: Math.random };

/**
 * Evaluates a definition over the archive, slice by slice from the end of the range back: each is looked at, and then folded by the
 * statement that merges windows. What is there so far is shown as a part.
 */
export async function runPreview({ known, view }: PreviewAsked, work: PreviewWork): Promise<Previewed> {
  const { position, bounds, deps, stop } = work;
  const { metric, version } = known;
  const { partitions, caps } = position;
  const wait = (ms: number) => sleep(ms, undefined, { signal: stop });
  const call = <T>(read: () => Promise<T>): Promise<T> =>
    retryWithBackoff(read, { ...RETRY, wait }, (error, attempt) => {
      if (!stop.aborted)
        deps.logger.warn({ err: error, code: codeOf(error), attempt }, 'Preview read failed');
    });
  const reads = retried(deps.store.preview({ metric, version, partitions, ...caps }), call);
  const opened = openFoldedView(view, known, position, bounds);
  const { hub, live } = opened;
  const span = spanOf(live);
  const check = (): void => {
    stop.throwIfAborted();
    work.progress(SURVEYED * survey.progress);
  };
  const survey: RangeSurvey = new RangeSurvey(reads, {
    ...span,
    align: alignOfAll(live),
    pane: metric.pane,
    cap: caps.groups,
    slices: work.slices ?? SLICES,
    check,
  });
  const previewed = (folded: FoldedView, from: number): Previewed => ({
    ...folded,
    info: describeView(view, known),
    partitions: partitions.length,
    tally: structuredClone(survey.tally),
    size: { ...survey.size },
    span: { from, to: Math.max(from, Math.min(span.to, position.asOf)) },
  });
  const isPartial = view.windows.kind !== 'whole' && view.top === null && view.compare === null;
  let partAt = Number.NEGATIVE_INFINITY;
  const grown = async (): Promise<void> => {
    if (performance.now() - partAt < PART_EVERY) return;
    await work.found(previewed(await contentsOf(live, { limits: bounds, isPart: true }), live.start));
    partAt = performance.now();
  };
  try {
    const hasBefore = work.isPart === true || (await reads.hasBefore(span.from));
    const asks = hasBefore && work.isPart !== true;
    const archive = asks ? await call(() => deps.store.readArchiveBegin()) : null;
    // Of what is before the range it matters only that there is something.
    if (hasBefore) hub.noteBegin({ metric: metric.id, version }, { first: archive, archive: null });
    await readFold(opened, { reads, survey, limits: bounds, check, ...(isPartial ? { grown } : {}) });
    await survey.complete();
    if (!hasBefore) {
      const begin = survey.size.first;
      const first = begin === null ? await call(() => deps.store.readArchiveBegin()) : null;
      hub.noteBegin({ metric: metric.id, version }, { first: begin, archive: first });
    }
    return previewed(await contentsOf(live, { limits: bounds }), span.from);
  } finally {
    hub.close(live);
  }
}

/** The same reads, each once more where that may help. */
const retried = (reads: PreviewReads, call: <T>(read: () => Promise<T>) => Promise<T>): PreviewReads => ({
  countNamed: (from, to) => call(() => reads.countNamed(from, to)),
  survey: (range) => call(() => reads.survey(range)),
  measure: (from, to) => call(() => reads.measure(from, to)),
  readPanes: (page) => call(() => reads.readPanes(page)),
  readWindows: (range) => call(() => reads.readWindows(range)),
  hasBefore: (time) => call(() => reads.hasBefore(time)),
  readArrivals: (since) => call(() => reads.readArrivals(since)),
});

/** Returns what divides all starts and ends of the windows that are read, ms. */
function alignOfAll({ range, earlier }: LiveView): number {
  const timeline = earlier?.timeline ?? null;
  if (timeline === null) return range.align;
  const bounds = [
    range.align,
    alignOf(storeWindows(timeline.windows, timeline.first, endOfTimeline(timeline))),
  ];
  return alignOf({ kind: 'list', bounds });
}

/** Returns the time from the earliest pane to the end of the last window. */
function spanOf({ range, earlier }: LiveView): { from: number; to: number } {
  const own = range.timeline;
  if (own === null) return { from: 0, to: 0 };
  const all: Timeline[] = [own, ...(earlier?.timeline ? [earlier.timeline] : [])];
  return {
    from: Math.min(...all.map(({ first }) => first)),
    to: Math.max(...all.map(endOfTimeline)),
  };
}

/** What a definition would add to the Store in a day, if all days were like the time that was looked at. */
export function costOf({ size, span }: Pick<Previewed, 'size' | 'span'>) {
  const from = Math.max(span.from, size.first ?? span.from);
  const days = (span.to - from) / DAY;
  const bytes = size.rows * ROW_BYTES + size.numbers * NUMBER_BYTES;
  const perDay = (amount: number) => (days > 0 ? Math.round(amount / days) : 0);
  return { groups: size.groups, rows: size.rows, rowsPerDay: perDay(size.rows), bytesPerDay: perDay(bytes) };
}

/** Bytes of a stored row beside its state, and of a number of a state, as tables of many metrics have them on the disk, compressed. */
const ROW_BYTES = 30;
const NUMBER_BYTES = 4;
