import {
  DAY,
  durationOf,
  formatDuration,
  HOUR,
  MINUTE,
  parseDuration,
  SECOND,
} from '#contracts/text/duration.ts';
import type { CalendarUnit } from '#contracts/time/calendar.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import type { Calendar } from '../format/zone-calendar.ts';
import { startOfPeriod } from './start-of-period.ts';

/**
 * Which time the page shows: the newest `ms`, the period of the reader's calendar so far, or the time between two instants (epoch
 * ms), which stands still.
 */
export type PageRange =
  | { readonly kind: 'last'; readonly ms: number }
  | { readonly kind: 'this'; readonly unit: CalendarUnit; readonly timezone: string }
  | { readonly kind: 'between'; readonly from: number; readonly to: number };

/** A range that ends now. */
export type LastRange = Extract<PageRange, { kind: 'last' }>;

/** A range between two instants. */
export type ClosedRange = Extract<PageRange, { kind: 'between' }>;

export const last = (ms: number): LastRange => ({ kind: 'last', ms });
export const between = (from: number, to: number): ClosedRange => ({ kind: 'between', from, to });

/** The newest time that the range control offers, ms; keys 1 to 9 choose the first nine. */
export const RANGES = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
  30 * DAY,
  90 * DAY,
  365 * DAY,
] as const;
export const DEFAULT_RANGE = last(15 * MINUTE);
/** Ranges outside of these can neither be drawn nor read. */
export const LEAST_RANGE = 2 * SECOND;
export const MOST_RANGE = 3_653 * DAY;

export function isSameRange(a: PageRange, b: PageRange): boolean {
  if (a.kind === 'last') return b.kind === 'last' && a.ms === b.ms;
  if (a.kind === 'this') return b.kind === 'this' && a.unit === b.unit && a.timezone === b.timezone;
  return b.kind === 'between' && a.from === b.from && a.to === b.to;
}

/** Returns the time that a range is of at `now`. */
export function timesOf(range: PageRange, now: number, calendar: Calendar): { from: number; to: number } {
  if (range.kind === 'between') return { from: range.from, to: range.to };
  return { from: range.kind === 'last' ? now - range.ms : startOfPeriod(range.unit, now, calendar), to: now };
}

/** Returns the range of a view request as the page understands it; null for none. */
export function readRange(asked: ViewRequest['range'], timezone: string): PageRange | null {
  if (asked == null) return null;
  if (typeof asked === 'string') return last(durationOf(asked));
  if ('this' in asked) return { kind: 'this', unit: asked.this, timezone: asked.timezone ?? timezone };
  return between(new Date(asked.from).getTime(), new Date(asked.to).getTime());
}

/** Returns what a view is asked for to show a range; the newest `more` ms beside it where the range moves. */
export function requestedRange(range: PageRange, more = 0): NonNullable<ViewRequest['range']> {
  if (range.kind === 'last') return formatDuration(range.ms + more);
  if (range.kind === 'this') return { this: range.unit, timezone: range.timezone };
  return { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
}

const PERIODS: ReadonlyMap<string, CalendarUnit> = new Map([
  ['this-hour', 'hour'],
  ['today', 'day'],
  ['this-week', 'week'],
  ['this-month', 'month'],
  ['this-quarter', 'quarter'],
  ['this-year', 'year'],
]);

/** Writes a range into the parameters of an address. */
export function writeRange(range: PageRange, params: URLSearchParams): void {
  if (range.kind === 'between') {
    params.set('from', new Date(range.from).toISOString());
    params.set('to', new Date(range.to).toISOString());
  } else if (range.kind === 'this')
    params.set('range', [...PERIODS].find(([, unit]) => unit === range.unit)![0]);
  else if (!isSameRange(range, DEFAULT_RANGE)) params.set('range', formatDuration(range.ms));
}

/** Reads a range from the parameters of an address; null where there is none or it cannot be read. */
export function readRangeParams(params: URLSearchParams, timezone: string): PageRange | null {
  const [from, to] = [Date.parse(params.get('from') ?? ''), Date.parse(params.get('to') ?? '')];
  if (isPossible(to - from) && from >= 0) return between(from, to);
  const text = params.get('range');
  const unit = PERIODS.get(text ?? '');
  if (unit !== undefined) return { kind: 'this', unit, timezone };
  const read = parseDuration(text, 'range');
  return read.ok && isPossible(read.value) ? last(read.value) : null;
}

/** Whether a range of so many ms can be shown. */
export const isPossible = (ms: number): boolean => ms >= LEAST_RANGE && ms <= MOST_RANGE;
