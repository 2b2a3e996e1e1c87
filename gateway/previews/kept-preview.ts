import { isSameCaps } from '#contracts/log/control.ts';
import { endOfTimeline, startsOf, type Timeline, timelineOf } from '#contracts/view/timeline.ts';
import { runInTurns } from '#platform/process/tasks/turns.ts';
import type { ViewHub } from '../core/view-hub.ts';
import type { GatewayDeps } from '../deps.ts';
import type { UpdateTail } from '../views/update-tail.ts';
import type { ArchivedPosition } from './archived-position.ts';
import { changedSpans } from './changed-spans.ts';
import type { FoldBounds } from './fold-view.ts';
import { notesOf } from './preview-notes.ts';
import type { Span } from './preview-table.ts';
import type { PreviewView } from './preview-view.ts';
import type { SliceSizes } from './range-survey.ts';
import { type PreviewAsked, type Previewed, runPreview } from './run-preview.ts';

/** A preview that somebody has. */
export interface KeptPreview {
  readonly view: PreviewView;
  readonly hub: ViewHub;
  readonly asked: PreviewAsked;
  /** What was evaluated last; null before the first whole evaluation. */
  at: { position: ArchivedPosition; timeline: Timeline | null } | null;
  /** ms that the last whole evaluation took. */
  took: number;
  isEvaluating: boolean;
  /** When what is known beside the values was found last, ms of the process; and whether it is looked for again. */
  notedAt: number;
  isNoting: boolean;
  readonly stop: AbortController;
  /** After it the first answer is given, whatever is there. */
  readonly timer: NodeJS.Timeout;
  isOpen(): boolean;
}

export interface KeepingDeps extends Pick<GatewayDeps, 'store' | 'logger' | 'metrics' | 'catalog'> {
  updateTail: Pick<UpdateTail, 'hub' | 'atRest' | 'pump'>;
  bounds: FoldBounds;
  slices?: SliceSizes;
}

/** An evaluation this short is repeated as a whole whenever something has come, ms: what is known beside the values is as new as they then. */
const SHORT = 500;
/** Times of arrivals that are told apart: with more of them all windows from the last one on count as changed. */
const MOST_TIMES = 2_000;
/** What is known beside the values of others is found again after this many ms, and as many times as long as it takes. */
const NOTES_EVERY = 10_000;
const NOTES_SHARE = 20;
/** ms between two reports of progress. */
const REPORT_EVERY = 250;

/** Lets the view answer though nothing is known of it yet. */
export function showNothing({ view, hub }: KeptPreview, { updateTail }: KeepingDeps): void {
  if (view.floor !== null) return;
  const reach = hub.progress.reach();
  if (reach !== null) view.range.moveTo(reach);
  view.table.move({ asOf: null, watermark: null, ...boundsOf(view.range.timeline) }, hub.offset);
  view.floor = hub.offset;
  hub.noteChange(view);
  updateTail.pump();
}

/** Evaluates the whole range, and shows what is there so far whenever that has grown. */
export async function evaluateWhole(
  one: KeptPreview,
  position: ArchivedPosition,
  deps: KeepingDeps,
): Promise<void> {
  const began = performance.now();
  let done = 0;
  let reportedAt = began;
  const previewed = await runPreview(one.asked, {
    ...workOf(one, position, deps),
    // The contents of before are those of the whole range: no part of it replaces them.
    found: (part) =>
      one.at === null ? showWhole(one, { previewed: part, progress: done, position }, deps) : undefined,
    progress(share) {
      done = Math.max(done, share);
      if (one.at !== null || one.view.floor === null || performance.now() - reportedAt < REPORT_EVERY) return;
      reportedAt = performance.now();
      one.view.note({ ...one.view.notes, progress: done }, one.hub.offset + 1);
      one.hub.noteChange(one.view);
    },
  });
  await showWhole(one, { previewed, progress: 1, position }, deps);
  one.took = performance.now() - began;
  one.at = { position, timeline: previewed.timeline };
}

/** Whether what is known beside the values is older than it costs to be. */
export const isDue = ({ took, notedAt, isNoting }: KeptPreview): boolean =>
  !isNoting && took > SHORT && performance.now() - notedAt > Math.max(NOTES_EVERY, NOTES_SHARE * took);

/** Evaluates the whole range for what is known beside the values: these go on meanwhile. */
export async function renewNotes(
  one: KeptPreview,
  position: ArchivedPosition,
  deps: KeepingDeps,
): Promise<void> {
  const began = performance.now();
  const work = { ...workOf(one, position, deps), found: () => {}, progress: () => {} };
  const previewed = await runPreview(one.asked, work);
  one.took = performance.now() - began;
  const state = { previewed, progress: 1 };
  const notes = await runInTurns(notesOf(one.asked.known.metric, state, deps.catalog));
  one.notedAt = performance.now();
  one.view.note(notes, one.hub.offset + 1);
  one.hub.noteChange(one.view);
}

/** Brings a preview to a position. Returns `whole` where its whole range has to be evaluated anew, in a turn of its own. */
export async function refreshPreview(
  one: KeptPreview,
  position: ArchivedPosition,
  deps: KeepingDeps,
): Promise<'whole' | 'done'> {
  const before = one.at;
  if (before === null || !isLater(position, before.position)) return 'done';
  const { known, view } = one.asked;
  const asOf = Math.max(position.asOf, before.position.asOf);
  const timeline = timelineOf(view, asOf);
  const step = view.windows.kind === 'grid' ? view.windows.every : known.metric.pane;
  const arrived = await readArrivals(one, { position, before: before.position, step }, deps);
  const plan = isSameCaps(position.caps, before.position.caps)
    ? changedSpans(view, known, {
        before: { ...before.position, timeline: before.timeline },
        ...{ timeline, arrived, step, isCut: arrived.length >= MOST_TIMES },
      })
    : 'whole';
  if (plan === 'whole' && one.took > SHORT) return 'whole';
  if (plan === 'whole' || (plan.length > 0 && one.took <= SHORT)) await evaluateWhole(one, position, deps);
  else await showSpans(one, { spans: plan, position, timeline }, deps);
  return 'done';
}

const workOf = ({ stop }: KeptPreview, position: ArchivedPosition, deps: KeepingDeps) => ({
  ...{ position, bounds: deps.bounds, deps, stop: stop.signal },
  ...(deps.slices === undefined ? {} : { slices: deps.slices }),
});

const boundsOf = (timeline: Timeline | null) => {
  if (timeline === null) return { start: 0, end: 0 };
  const [start, end] = [timeline.first, endOfTimeline(timeline)];
  return timeline.windows.kind === 'calendar'
    ? { start, end, bounds: [...startsOf(timeline), end] }
    : { start, end };
};

/** Whether something may have come since a position, or time has passed. */
const isLater = (position: ArchivedPosition, before: ArchivedPosition): boolean =>
  position.asOf > before.asOf || position.shown !== before.shown || hasArrivals(position, before);

const hasArrivals = ({ partitions }: ArchivedPosition, before: ArchivedPosition): boolean =>
  partitions.some(
    ({ partition, before: bound }) =>
      bound > (before.partitions.find((known) => known.partition === partition)?.before ?? 0),
  );

async function readArrivals(
  { asked: { known } }: KeptPreview,
  { position, before, step }: { position: ArchivedPosition; before: ArchivedPosition; step: number },
  { store }: KeepingDeps,
): Promise<number[]> {
  if (!hasArrivals(position, before)) return [];
  const { partitions, caps } = position;
  const { metric, version } = known;
  const reads = store.preview({ metric, version, partitions, ...caps });
  return await reads.readArrivals({
    ...{ after: before.partitions, step, limit: MOST_TIMES },
    ...{ from: 0, to: Number.MAX_SAFE_INTEGER },
  });
}

/** Shows an evaluation of the range, or of its newest part, in place of all that was shown. */
async function showWhole(
  one: KeptPreview,
  { previewed, progress, position }: { previewed: Previewed; progress: number; position: ArchivedPosition },
  { updateTail, catalog }: KeepingDeps,
): Promise<void> {
  const { view, hub, asked } = one;
  const notes = await runInTurns(notesOf(asked.known.metric, { previewed, progress }, catalog));
  one.notedAt = performance.now();
  await updateTail.atRest(async () => {
    if (!one.isOpen()) return;
    const mark = hub.offset + 1;
    await runInTurns(view.table.replaceAll(previewed.contents, mark));
    view.range.moveTo(position.asOf);
    view.partitions = previewed.partitions;
    view.note(notes, mark);
    view.floor ??= hub.offset;
    hub.noteChange(view);
  });
  updateTail.pump();
}

/** Evaluates some windows, and shows all of them at once. */
async function showSpans(
  one: KeptPreview,
  {
    spans,
    position,
    timeline,
  }: { spans: readonly Span[]; position: ArchivedPosition; timeline: Timeline | null },
  deps: KeepingDeps,
): Promise<void> {
  const { view, hub, asked } = one;
  const parts: { span: Span; contents: Previewed['contents'] }[] = [];
  for (const span of spans) {
    const range = { kind: 'between', from: span.first, to: span.last + 1 } as const;
    const part = { known: asked.known, view: { ...asked.view, range } };
    const work = { ...workOf(one, position, deps), isPart: true, found: () => {}, progress: () => {} };
    parts.push({ span, contents: (await runPreview(part, work)).contents });
  }
  await deps.updateTail.atRest(async () => {
    if (!one.isOpen()) return;
    const mark = hub.offset + 1;
    view.table.move({ asOf: position.asOf, watermark: position.shown, ...boundsOf(timeline) }, mark);
    for (const { span, contents } of parts) await runInTurns(view.table.replace(contents, span, mark));
    view.range.moveTo(position.asOf);
    hub.noteChange(view);
    one.at = { position, timeline };
  });
  deps.updateTail.pump();
}
