import { SECOND } from '#contracts/text/duration.ts';
import type { Calendar } from '../format/zone-calendar.ts';
import { between, LEAST_RANGE, last, MOST_RANGE, type PageRange, RANGES, timesOf } from './page-range.ts';

interface ZoomOptions {
  now: number;
  calendar: Calendar;
  /** The time that is read, which stays where it is; null where none is. */
  at: number | null;
}

/**
 * Returns half the time or twice as much, around the time that is read or the middle. A range that ends now stays live where
 * nothing is read: it becomes the next one that the range control offers.
 */
export function zoom(range: PageRange, by: 'in' | 'out', { now, calendar, at }: ZoomOptions): PageRange {
  const { from, to } = timesOf(range, now, calendar);
  if (range.kind !== 'between' && at === null) return last(nextRange(to - from, by));
  const length = clamp((to - from) * (by === 'in' ? 0.5 : 2), LEAST_RANGE, MOST_RANGE);
  const center = at === null || at < from || at > to ? (from + to) / 2 : at;
  const share = (center - from) / (to - from);
  return place(center - share * length, length, now);
}

function nextRange(ms: number, by: 'in' | 'out'): number {
  const next = by === 'in' ? RANGES.findLast((one) => one < ms) : RANGES.find((one) => one > ms);
  return next ?? (by === 'in' ? RANGES[0] : RANGES.at(-1)!);
}

/** A range that ends within this share of its length before now ends now: time has passed since it was moved away. */
const NEAR = 0.1;

/** Returns the range half its length earlier (-1) or later (1). One that would reach beyond now ends now, and moves on. */
export function shift(range: PageRange, by: -1 | 1, { now, calendar }: Omit<ZoomOptions, 'at'>): PageRange {
  const { from, to } = timesOf(range, now, calendar);
  if (by === 1 && range.kind !== 'between') return range;
  const length = to - from;
  const start = from + (by * length) / 2;
  if (by === 1 && start + length >= now - length * NEAR)
    return last(Math.max(SECOND, Math.round(length / SECOND) * SECOND));
  return place(start, length, now);
}

/** Returns the range between two times that were chosen in a picture, in any order. */
export function chosen(a: number, b: number, now: number): PageRange {
  const [from, to] = a <= b ? [a, b] : [b, a];
  return place(from, Math.max(LEAST_RANGE, to - from), now);
}

/** Whole seconds, the end not after now. */
function place(from: number, length: number, now: number): PageRange {
  const ms = Math.max(LEAST_RANGE, Math.round(length / SECOND) * SECOND);
  const end = Math.ceil(now / SECOND) * SECOND;
  const start = Math.max(0, Math.min(Math.round(from / SECOND) * SECOND, end - ms));
  return between(start, start + ms);
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
