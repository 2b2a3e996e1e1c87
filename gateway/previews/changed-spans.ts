import type { Aggregate } from '#aggregates/aggregate.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { endOfTimeline, goesOn, type Timeline } from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';
import { floorOn, nextStart, openWindow } from '#contracts/view/windows.ts';
import type { Span } from './preview-table.ts';

/** What was evaluated last, and what has come since. */
interface Evaluated {
  /** The range then, and up to when its contents were complete, with the watermark that was shown. */
  before: { timeline: Timeline | null; asOf: number; shown: number | null };
  /** The range now. */
  timeline: Timeline | null;
  /** Times of events that came since, as starts of steps. */
  arrived: readonly number[];
  /** ms of a step. */
  step: number;
  /** There may be more of them, later ones. */
  isCut: boolean;
}

/** Parts of a range that are evaluated apart. */
const MOST_SPANS = 3;

/** Whether windows can be evaluated without the others: where groups are ranked, and where a range is compared, they cannot. */
const isSplittable = ({ compare, top }: Pick<View, 'compare' | 'top'>, { windows }: Timeline): boolean =>
  compare === null &&
  top === null &&
  // Those of a part between two times begin at the epoch.
  (windows.kind === 'calendar' || (windows.kind === 'grid' && windows.origin === 0));

/**
 * Returns the windows that may have other values than at the last evaluation; `whole` where the whole range has to be evaluated anew.
 * Each event changes the windows that hold it. In sequences it may change what is before it, as far as they reach, and all that is after it.
 */
export function changedSpans(
  view: Pick<View, 'compare' | 'top'>,
  { metric, aggregate }: { metric: Metric; aggregate: Aggregate },
  { before, timeline, arrived, step, isCut }: Evaluated,
): 'whole' | Span[] {
  if (timeline === null || before.timeline === null || !goesOn(before.timeline, timeline)) return 'whole';
  const times: [from: number, to: number][] = arrived.map((time) => [time, time + step - 1]);
  const { sequence } = aggregate;
  const [earliest] = arrived;
  const isOpenEnded = isCut || sequence !== undefined;
  if (earliest !== undefined && isOpenEnded)
    times.push([earliest - (sequence?.reach(metric.aggregate) ?? 0), Number.POSITIVE_INFINITY]);
  // The value of a window that was open depends on how much of it has passed.
  const openFrom = Math.min(before.asOf, before.shown ?? before.asOf);
  const isTimed = aggregate.perSecond === true || aggregate.ahead === true;
  if (isTimed && endOfTimeline(before.timeline) > openFrom) times.push([openFrom, Number.POSITIVE_INFINITY]);
  const spans = times.flatMap(([from, to]) => windowsOf(timeline, from, to));
  // Events may have times that were not in the range yet.
  if (timeline.last > before.timeline.last)
    spans.push({ first: nextStart(timeline.windows, before.timeline.last), last: timeline.last });
  const hasMoved = timeline.first !== before.timeline.first || timeline.last !== before.timeline.last;
  if (!isSplittable(view, timeline)) return spans.length > 0 || arrived.length > 0 || hasMoved ? 'whole' : [];
  return joined(spans, timeline);
}

/** Returns the windows of the range that hold a time of an interval. */
function windowsOf({ windows, first, last }: Timeline, from: number, to: number): Span[] {
  const span = {
    first: Math.max(first, openWindow(windows, Math.max(from, first))),
    last: to >= last ? last : floorOn(windows, to),
  };
  return span.first <= span.last ? [span] : [];
}

/** Joins spans that meet, then those with the fewest windows between them until there are few. */
function joined(spans: readonly Span[], { windows }: Timeline): Span[] {
  const sorted = [...spans].sort((a, b) => a.first - b.first);
  const apart: Span[] = [];
  for (const span of sorted) {
    const last = apart.at(-1);
    if (last !== undefined && span.first <= nextStart(windows, last.last))
      last.last = Math.max(last.last, span.last);
    else apart.push({ ...span });
  }
  while (apart.length > MOST_SPANS) {
    const gaps = apart.slice(1).map(({ first }, i) => first - apart[i]!.last);
    const least = gaps.indexOf(Math.min(...gaps));
    apart[least]!.last = apart[least + 1]!.last;
    apart.splice(least + 1, 1);
  }
  return apart;
}
