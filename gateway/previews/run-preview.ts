import { type Fault, MillraceError } from '#contracts/errors.ts';
import { DAY, formatDuration, MINUTE } from '#contracts/text/duration.ts';
import { endOfTimeline, type Timeline } from '#contracts/view/timeline.ts';
import type { View, ViewInfo } from '#contracts/view/view.ts';
import type { PreviewReads, PreviewSize, PreviewTally } from '#platform/store/store.ts';
import type { FoldedMetric } from '../core/derived/expand-derived.ts';
import type { LiveView } from '../core/view/live-view.ts';
import type { GatewayDeps } from '../deps.ts';
import { describeView } from '../views/metric-lookup.ts';
import type { ReadRunnerDeps } from '../views/read-runner.ts';
import type { ArchivedPosition } from './archived-position.ts';
import { type FoldBounds, type FoldedView, openFoldedView, readFoldedView } from './fold-view.ts';
import { narrowTo } from './narrow-view.ts';

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
  /** Events that take well below a second to fold: where there are more, the newest part of the range comes first. */
  few?: number;
  /** The values of the newest part of the range, where the whole takes long. */
  found(part: Previewed): void;
  /** About how much of the work is done, from 0 to 1. */
  progress(done: number): void;
}

/** Archived events that one preview may look at. */
const MOST_EVENTS = 50_000_000;
const FEW_EVENTS = 200_000;

/** Evaluates a definition over the archive: at first over the newest part of the range, where the whole holds many events. */
export async function runPreview(asked: PreviewAsked, work: PreviewWork): Promise<Previewed> {
  const { known } = asked;
  const { position, deps, few = FEW_EVENTS } = work;
  const reads = deps.store.preview({
    metric: known.metric,
    version: known.version,
    partitions: position.partitions,
    ...position.caps,
  });
  const opened = openFoldedView(asked.view, known, position, work.bounds);
  const { from, to } = spanOf(opened.live);
  const events = await reads.countNamed(from, to);
  if (events > MOST_EVENTS) throw new MillraceError(tooMany(events, { from, to }));
  const part = events > few ? narrowTo(asked.view, opened.live.range.timeline, few / events) : null;
  if (part !== null)
    work.found(
      await evaluate({ known, view: part }, openFoldedView(part, known, position, work.bounds), reads, work),
    );
  work.stop.throwIfAborted();
  return evaluate(asked, opened, reads, work);
}

async function evaluate(
  { known, view }: PreviewAsked,
  opened: ReturnType<typeof openFoldedView>,
  reads: PreviewReads,
  { position, bounds, deps, stop, progress }: PreviewWork,
): Promise<Previewed> {
  const span = spanOf(opened.live);
  const size = await reads.measure(span.from, span.to);
  progress(MEASURED);
  stop.throwIfAborted();
  const tally = await reads.tally(span.from, span.to);
  progress(COUNTED);
  stop.throwIfAborted();
  const begin = (await reads.hasBefore(span.from)) ? Number.NEGATIVE_INFINITY : size.first;
  const store = storeOf(reads, { size, begin, archive: () => deps.store.readArchiveBegin() }, (readTo) =>
    progress(COUNTED + ((1 - COUNTED) * (readTo - span.from)) / (span.to - span.from)),
  );
  const folded = await readFoldedView(opened, { ...deps, store, limits: bounds, stop });
  return {
    ...folded,
    info: describeView(view, known),
    partitions: position.partitions.length,
    tally,
    size,
    span: { from: span.from, to: Math.max(span.from, Math.min(span.to, position.asOf)) },
  };
}

/** Shares of the work that are done when the range is measured, and when its events are counted. */
const MEASURED = 0.35;
const COUNTED = 0.65;

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

/** The reads of a view, as the Store would answer them for a saved metric. What was measured of the whole range holds for each part of it. */
function storeOf(
  reads: PreviewReads,
  { size, begin, archive }: { size: PreviewSize; begin: number | null; archive(): Promise<number | null> },
  read: (to: number) => void,
): ReadRunnerDeps['store'] {
  return {
    readPanes: reads.readPanes,
    async readWindows(range) {
      const rows = await reads.readWindows(range);
      read(range.starts?.to ?? range.to);
      return rows;
    },
    countPanes: async () => size,
    // Of what is before the range it matters only that there is something.
    readBegin: async () => (begin === Number.NEGATIVE_INFINITY ? archive() : begin),
    readArchiveBegin: archive,
  };
}

function tooMany(events: number, { from, to }: { from: number; to: number }): Fault {
  const length = Math.floor(((to - from) * (MOST_EVENTS / events)) / MINUTE) * MINUTE;
  const fits =
    length > 0 ? `A range of about ${formatDuration(length)} would fit.` : 'Choose a range below a minute.';
  return {
    code: 'view_too_large',
    field: 'view.range',
    message: `The range holds about ${events} events of these names, and a preview may look at ${MOST_EVENTS}. ${fits}`,
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
