import { floorTo } from '../metric/pane.ts';
import { addPeriods, type CalendarUnit, periodEnd, periodStart } from '../time/calendar.ts';
import { UTC, type Zone } from '../time/zone.ts';
import type { Compare, View } from './view.ts';
import { endOf, floorOn, nextStart, openWindow, stepBack, type Windows } from './windows.ts';

/** The windows of a view's range as of some time. Times are epoch ms. */
export interface Timeline {
  readonly windows: Windows;
  /** Start of the first and of the last window; `last` is below `first` where there is none. */
  readonly first: number;
  readonly last: number;
  /** The last window that the range can come to have while its windows stay these; Infinity where there is no end. */
  readonly limit: number;
}

type Asked = Pick<View, 'windows' | 'range'>;

/** Returns the windows of a range as of the time up to which data may have come: none begins after it. */
export function timelineOf(asked: Asked, reach: number): Timeline {
  const { windows, range } = asked;
  const bounds = boundsOf(asked, reach);
  if (windows.kind === 'whole') {
    // A duration was resolved to a grid.
    const [from, to] = bounds ?? [0, 0];
    return { windows: { kind: 'list', bounds: [from, to] }, first: from, last: from, limit: from };
  }
  if (range.kind === 'last' || bounds === null) {
    const moving: Windows = windows.kind === 'grid' ? { ...windows, origin: 0 } : windows;
    const last = Math.min(openWindow(moving, reach), floorOn(moving, reach));
    const count = range.kind === 'last' ? range.windows : 1;
    return { windows: moving, first: stepBack(moving, last, count - 1), last, limit: Infinity };
  }
  const [from, to] = bounds;
  // The windows of a period begin with it.
  const origin = windows.kind === 'grid' && range.kind === 'period' ? from - floorTo(from, windows.every) : 0;
  const fixed: Windows = windows.kind === 'grid' ? { ...windows, origin } : windows;
  const limit = floorOn(fixed, to - 1);
  return { windows: fixed, first: floorOn(fixed, from), last: Math.min(limit, floorOn(fixed, reach)), limit };
}

/** Returns the times that the range lies between, where it does not move with each window. */
function boundsOf({ range }: Asked, reach: number): [from: number, to: number] | null {
  if (range.kind === 'between') return [range.from, range.to];
  if (range.kind === 'last') return null;
  const from = periodStart(range.unit, range.zone, reach);
  return [from, periodEnd(range.unit, range.zone, from)];
}

/** Returns the end of the last window; the start of the first where there is none. */
export const endOfTimeline = ({ windows, first, last }: Timeline): number =>
  last < first ? first : endOf(windows, last);

/** Yields the starts of the windows, ascending. */
export function* startsOf({ windows, first, last }: Timeline): Generator<number, void> {
  for (let start = first; start <= last; start = nextStart(windows, start)) yield start;
}

/** Returns how many windows it has. */
export function countOf(timeline: Timeline): number {
  const { windows, first, last } = timeline;
  if (windows.kind === 'grid') return Math.max(0, Math.floor((last - first) / windows.every) + 1);
  let count = 0;
  for (const _ of startsOf(timeline)) count++;
  return count;
}

/** Whether one goes on from the other: its windows are the same, and so is the last one that it can come to have. */
export function goesOn({ windows: a, limit }: Timeline, { windows: b, limit: other }: Timeline): boolean {
  if (limit !== other || a.kind !== b.kind) return false;
  if (a.kind === 'grid') return b.kind === 'grid' && a.origin === b.origin;
  return (
    a.kind === 'calendar' || (b.kind === 'list' && a.bounds[0] === b.bounds[0] && a.bounds[1] === b.bounds[1])
  );
}

/** Whether both divide time in the same way. */
export const hasSameWindows = (a: Timeline, b: Timeline): boolean =>
  goesOn({ ...a, limit: 0 }, { ...b, limit: 0 });

/**
 * Returns the windows of the earlier range that a range is compared with: as many, so that the window at an index is compared
 * with the one at the same index. The range before it ends at the latest where it begins.
 */
export function counterpartOf({ range, windows }: Asked, compare: Compare, now: Timeline): Timeline {
  const count = countOf(now);
  if (now.windows.kind === 'calendar') {
    const first = floorOn(now.windows, earlierPeriod(now, compare, { range, count }));
    return withCount(now.windows, first, count);
  }
  const shift = shiftOf({ range, windows }, compare, now);
  if (now.windows.kind === 'list') {
    const [from = 0, to = 0] = now.windows.bounds;
    // A period is compared with a whole one, which may be longer or shorter.
    const end = range.kind === 'period' && compare.kind === 'previous' ? from : to - shift;
    const first = from - shift;
    return { windows: { kind: 'list', bounds: [first, end] }, first, last: first, limit: first };
  }
  const origin = now.windows.origin - shift;
  const earlier: Windows = { ...now.windows, origin: origin - floorTo(origin, now.windows.every) };
  return withCount(earlier, now.first - shift, count);
}

function withCount(windows: Windows, first: number, count: number): Timeline {
  let last = first;
  if (windows.kind === 'grid') last = first + (count - 1) * windows.every;
  else for (let i = 1; i < count; i++) last = nextStart(windows, last);
  if (count === 0) last = first - 1;
  return { windows, first, last, limit: last };
}

/** Returns an instant in the first calendar window of the earlier range. */
function earlierPeriod(
  { windows, first }: Timeline,
  compare: Compare,
  { range, count }: { range: View['range']; count: number },
): number {
  const { unit, zone } = windows as { unit: CalendarUnit; zone: Zone };
  if (compare.kind === 'calendar') return addPeriods({ unit: compare.unit, zone }, first, -1);
  if (compare.kind === 'earlier')
    return unit === 'hour'
      ? first - compare.ms
      : addPeriods({ unit: 'day', zone }, first, -Math.round(compare.ms / 86_400_000));
  if (range.kind === 'period')
    return periodStart(range.unit, range.zone, periodStart(range.unit, range.zone, first) - 1);
  return stepBack(windows, first, count);
}

/** Returns how much earlier the other range begins, ms. */
function shiftOf({ range }: Asked, compare: Compare, { windows, first, last }: Timeline): number {
  if (compare.kind === 'earlier') return compare.ms;
  if (range.kind === 'period') {
    const { unit, zone } = range;
    const from = periodStart(unit, zone, first);
    const earlier =
      compare.kind === 'previous'
        ? periodStart(unit, zone, from - 1)
        : addPeriods({ unit: compare.unit, zone }, from, -1);
    return from - earlier;
  }
  // A range between two times knows no zone.
  if (compare.kind === 'calendar') return first - addPeriods({ unit: compare.unit, zone: UTC }, first, -1);
  if (windows.kind !== 'grid') return endOf(windows, last) - first;
  return Math.ceil((endOf(windows, last) - first) / windows.every) * windows.every;
}
