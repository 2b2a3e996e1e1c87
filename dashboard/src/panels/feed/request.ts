import type { Panel } from '#contracts/board/panel.ts';
import { DAY, durationOf, formatDuration, HOUR } from '#contracts/text/duration.ts';
import { CALENDAR_UNITS, type CalendarUnit, LONGEST, MEAN_LENGTH } from '#contracts/time/calendar.ts';
import { MAX_POINTS, MAX_WINDOWS, type ViewRequest } from '#contracts/view/view-request.ts';
import { plotWidthOf } from '../../charts/axis/gutter.ts';
import { chartKindOf } from '../../charts/trace/trace.ts';
import type { Calendar } from '../../format/zone-calendar.ts';
import { between, type PageRange, readRange, requestedRange } from '../../range/page-range.ts';
import { startOfPeriod } from '../../range/start-of-period.ts';

/** CSS pixels of a window below which its bar is a dot and its point one of several in a column. */
const LEAST_PIXELS: Partial<Record<Panel['kind'], number>> = { bars: 6, line: 1, area: 1 };
/** A plot is never so narrow that fewer windows tell more. */
const LEAST_WINDOWS = 10;
/** How many windows of a short time are enough, where those of the panel would be too few: shorter ones show single events. */
const ENOUGH = 60;
/** How many windows a panel of a kind can show apart, however wide it is. */
const ROOM: Record<Panel['kind'], number> = {
  stat: 90,
  line: 450,
  area: 450,
  bars: 130,
  top: 120,
  table: 120,
  tail: 1,
};

/** Of which distances an earlier range of calendar windows may be, ms; months are no fixed length. */
const COMPARED: Partial<Record<CalendarUnit, number>> = { hour: HOUR, day: DAY, week: 7 * DAY };

/** Windows beyond the range: the range of a view ends with an open window, and a line enters from the left. */
const ENTERING = 2;

/** Which time the page shows: a range as it goes on, or as it was at a moment, epoch ms. */
export interface PageTime {
  range: PageRange;
  moment: number | null;
  /** Of the reader: where a panel names no zone, that of its periods and calendar windows. */
  calendar: Calendar;
}

/** The range a panel shows: its own, else that of the page; where the page shows a time that is over, that. */
export function rangeOf(panel: Panel, { range: page, moment, calendar }: PageTime): PageRange {
  const own = readRange(panel.view?.range, calendar.zone);
  if (page.kind === 'between') return own?.kind === 'between' ? own : page;
  const range = own ?? page;
  if (moment === null || range.kind === 'between') return range;
  return between(
    range.kind === 'last' ? moment - range.ms : startOfPeriod(range.unit, moment, calendar),
    moment,
  );
}

/** Returns the length of a range, ms; the longest that a period can have. */
function lengthOf(range: PageRange): number {
  if (range.kind === 'last') return range.ms;
  return range.kind === 'this' ? LONGEST[range.unit] : range.to - range.from;
}

/** How many windows a panel `width` CSS pixels wide can show apart. */
function roomOf(kind: Panel['kind'], width: number): number {
  const pixels = LEAST_PIXELS[kind];
  if (pixels === undefined) return ROOM[kind];
  return Math.min(ROOM[kind], Math.max(LEAST_WINDOWS, Math.floor(plotWidthOf(width) / pixels)));
}

/**
 * What a panel asks for: its own view over its range, in windows that the range and the width of its body, CSS pixels, can
 * hold. Null where the panel shows no metric.
 */
export function requestOf(
  panel: Panel,
  page: PageTime,
  width = Number.POSITIVE_INFINITY,
): ViewRequest | null {
  if (panel.view === null) return null;
  const range = rangeOf(panel, page);
  const { compare, ...view } = panel.view;
  const room = roomOf(panel.kind, width);
  const asked = windowsOf(panel, range, { room, zone: page.calendar.zone });
  const { window, points } = asked;
  const compared = chartKindOf(panel.kind) === null ? null : comparedWith(compare, range, asked.step);
  // The range before is that before what is asked for: where it cannot be said as a distance, nothing more is.
  const more = compared === 'previous' ? 0 : asked.more;
  const request: ViewRequest = { ...view, range: requestedRange(range, more) };
  if (compared != null) request.compare = compared;
  if (window !== undefined) request.window = window;
  if (points !== undefined) request.points = points;
  if (panel.kind !== 'stat') return request;
  // One line without groups, which has none to rank; its figure is compared in a view of its own.
  const { top: _, ...line } = request;
  return { ...line, groupBy: request.groupBy ?? [] };
}

/**
 * Returns what a chart is compared with. The range before one that moves is as much earlier as the range is long, whatever is asked
 * for beside it.
 */
function comparedWith(
  compare: ViewRequest['compare'],
  range: PageRange,
  step: number,
): ViewRequest['compare'] {
  if (compare !== 'previous' || range.kind !== 'last') return compare;
  return step > 0 && range.ms % step === 0 ? formatDuration(range.ms) : compare;
}

/** Returns what a stat asks for its figure: one value over the range, and that of the range before. Null for the other kinds. */
export function figureRequestOf(panel: Panel, page: PageTime): ViewRequest | null {
  if (panel.view === null || panel.kind !== 'stat') return null;
  const { metric, where, groupBy = [], compare } = panel.view;
  return {
    metric,
    ...(where && { where }),
    groupBy,
    window: 'whole',
    range: requestedRange(rangeOf(panel, page)),
    compare: compare ?? 'previous',
  };
}

interface AskedWindows {
  window?: NonNullable<ViewRequest['window']>;
  /** How much more than the range is asked for, ms. */
  more: number;
  /** A multiple of the pane of the metric, ms; 0 where none is known. */
  step: number;
  points?: number;
}

/** The panel's own windows while the range has room for them, else the shortest that it has room for. */
function windowsOf(
  { view }: Panel,
  range: PageRange,
  { room, zone }: { room: number; zone: string },
): AskedWindows {
  const own = view?.window;
  const length = lengthOf(range);
  // Without a window the metric's own counts, and more of the range might be more windows than a view may have.
  if (own === undefined) return { more: 0, step: 0 };
  if (own === 'whole') return { window: own, more: 0, step: 0 };
  if (typeof own === 'object' && 'calendar' in own) {
    const { calendar } = own;
    const units = CALENDAR_UNITS.slice(CALENDAR_UNITS.indexOf(calendar));
    const unit = units.find((one) => length / MEAN_LENGTH[one] <= Math.min(room, MAX_WINDOWS)) ?? 'year';
    const window = { ...own, timezone: own.timezone ?? zone, calendar: unit };
    // A duration counts the period that is not over: one more enters from the left.
    return { window, more: Math.ceil(MEAN_LENGTH[unit]), step: COMPARED[unit] ?? 0 };
  }
  const every = own === 'auto' ? 0 : durationOf(typeof own === 'string' ? own : own.every);
  const isFew = range.kind === 'between' && length / every < LEAST_WINDOWS;
  if (length / every <= room && !isFew) return { window: own, more: ENTERING * every, step: every };
  const points = isFew ? Math.min(room, ENOUGH) : room;
  const more = Math.ceil((ENTERING * length) / points / 1_000) * 1_000;
  return { window: 'auto', more, step: every, points: Math.min(MAX_POINTS, points + ENTERING) };
}
