import { floorTo } from '../metric/pane.ts';
import { type CalendarUnit, periodEnd, periodStart, previousPeriod } from '../time/calendar.ts';
import type { Zone } from '../time/zone.ts';

/**
 * Windows of `size` ms, one every `every` ms, at starts with (start − origin) a multiple of `every`. Tumbling where both are
 * equal; hopping windows overlap where `size` is the larger, and leave gaps where it is not.
 */
export interface GridWindows {
  readonly kind: 'grid';
  readonly size: number;
  readonly every: number;
  readonly origin: number;
}

/** Windows without gaps, as ascending bounds in epoch ms: window i is [bounds[i], bounds[i + 1]). */
export interface ListWindows {
  readonly kind: 'list';
  readonly bounds: readonly number[];
}

/** Periods of a calendar. */
export interface CalendarWindows {
  readonly kind: 'calendar';
  readonly unit: CalendarUnit;
  readonly zone: Zone;
}

/** The windows of a view. */
export type Windows = GridWindows | ListWindows | CalendarWindows;

/** The windows that a read of the Store merges panes into: a calendar's are listed. */
export type StoreWindows = GridWindows | ListWindows;

/** Returns the start of the newest window that begins at or before a time. */
export function floorOn(windows: Windows, time: number): number {
  if (windows.kind === 'grid') return floorTo(time - windows.origin, windows.every) + windows.origin;
  if (windows.kind === 'calendar') return periodStart(windows.unit, windows.zone, time);
  const { bounds } = windows;
  return bounds.findLast((bound, i) => bound <= time && i < bounds.length - 1) ?? bounds[0]!;
}

/** Returns the start of the oldest window that a time does not lie behind: the one that is complete next. */
export const openWindow = (windows: Windows, time: number): number =>
  windows.kind === 'grid' ? floorOn(windows, time - windows.size) + windows.every : floorOn(windows, time);

export function endOf(windows: Windows, start: number): number {
  if (windows.kind === 'grid') return start + windows.size;
  if (windows.kind === 'calendar') return periodEnd(windows.unit, windows.zone, start);
  return windows.bounds.find((bound) => bound > start) ?? start;
}

/** Returns the start of the window after the one at `start`. */
export const nextStart = (windows: Windows, start: number): number =>
  windows.kind === 'grid' ? start + windows.every : endOf(windows, start);

/** Returns the start of the window that many before the one at `start`. Of a list none is before its first. */
export function stepBack(windows: Windows, start: number, count: number): number {
  if (windows.kind === 'grid') return start - count * windows.every;
  let at = start;
  for (let i = 0; i < count; i++) {
    at =
      windows.kind === 'calendar' ? previousPeriod(windows.unit, windows.zone, at) : floorOn(windows, at - 1);
  }
  return at;
}

/** Returns the starts of the windows that hold a time, ascending: none, one, or as many as overlap there. */
export function startsHolding(windows: Windows, time: number): number[] {
  if (windows.kind === 'grid') {
    const starts: number[] = [];
    for (let start = openWindow(windows, time); start <= time; start += windows.every) starts.push(start);
    return starts;
  }
  const start = floorOn(windows, time);
  return start <= time && time < endOf(windows, start) ? [start] : [];
}

/** Whether windows share panes, so that one has begun long before it comes into a range. */
export const overlap = (windows: Windows): boolean => windows.kind === 'grid' && windows.size > windows.every;

/** Returns the windows from the one at `first` up to `end`, as a read of the Store takes them. */
export function storeWindows(windows: Windows, first: number, end: number): StoreWindows {
  if (windows.kind !== 'calendar') return windows;
  const bounds = [first];
  for (let at = first; at < end; at = bounds.at(-1)!) bounds.push(periodEnd(windows.unit, windows.zone, at));
  return { kind: 'list', bounds };
}
