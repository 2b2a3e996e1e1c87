import { floorTo } from '../metric/pane.ts';
import { DAY, HOUR } from '../text/duration.ts';
import { dateOf, daysOfMonth, startOfDate } from './civil-date.ts';
import { instantOf, localTime, segmentAt, type Zone } from './zone.ts';

/** Periods of a calendar; a week begins on Monday. */
export const CALENDAR_UNITS = ['hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type CalendarUnit = (typeof CALENDAR_UNITS)[number];

/** Clocks are changed by an hour at most, but for two hours in Newfoundland in 1988. */
const CHANGE = 2 * HOUR;

/** The longest that a period can be, ms, with a change of clocks. */
export const LONGEST: Readonly<Record<CalendarUnit, number>> = {
  hour: HOUR,
  day: DAY + CHANGE,
  week: 7 * DAY + CHANGE,
  month: 31 * DAY + CHANGE,
  quarter: 92 * DAY + CHANGE,
  year: 366 * DAY,
};

/** Mean lengths in ms: how many periods make up a range that is given as a duration. */
export const MEAN_LENGTH: Readonly<Record<CalendarUnit, number>> = {
  hour: HOUR,
  day: DAY,
  week: 7 * DAY,
  month: 30.436875 * DAY,
  quarter: 91.310625 * DAY,
  year: 365.2425 * DAY,
};

const MONTHS = { month: 1, quarter: 3, year: 12 } as const;
/** 1970-01-01 was a Thursday. */
const MONDAY = 4 * DAY;

/**
 * Returns the start of the period that holds an instant, epoch ms. Periods follow each other without gaps and follow the zone
 * through its changes: a day may have 23 or 25 hours, and an hour that the clocks show twice is two.
 */
export function periodStart(unit: CalendarUnit, zone: Zone, time: number): number {
  if (unit === 'hour') {
    const segment = segmentAt(zone, time);
    const offset = zone.offsets[segment]!;
    return Math.max(floorTo(time + offset, HOUR) - offset, zone.changes[segment - 1] ?? -Infinity);
  }
  const start = instantOf(zone, localStart(unit, localTime(zone, time)));
  // Clocks that are set back across midnight show the end of a day again after the next one has begun.
  const next = periodEnd(unit, zone, start);
  return next <= time ? next : start;
}

/** Returns where the period that begins at `start` ends, which is where the next one begins. */
export function periodEnd(unit: CalendarUnit, zone: Zone, start: number): number {
  if (unit === 'hour') {
    const segment = segmentAt(zone, start);
    const offset = zone.offsets[segment]!;
    return Math.min(floorTo(start + offset, HOUR) + HOUR - offset, zone.changes[segment] ?? Infinity);
  }
  // A start in a skipped hour shows the time after it, still of the same date.
  return instantOf(zone, localEnd(unit, localStart(unit, localTime(zone, start))));
}

/** Returns the start of the period before the one that begins at `start`. */
export const previousPeriod = (unit: CalendarUnit, zone: Zone, start: number): number =>
  periodStart(unit, zone, start - 1);

/**
 * Returns the instant that lies some periods away on the calendar, at the same time of day. A day that a shorter month does
 * not have becomes its last one. Hours are hours that pass.
 */
export function addPeriods(
  { unit, zone }: { unit: CalendarUnit; zone: Zone },
  time: number,
  count: number,
): number {
  if (unit === 'hour') return time + count * HOUR;
  const local = localTime(zone, time);
  if (unit === 'day' || unit === 'week')
    return instantOf(zone, local + count * (unit === 'day' ? DAY : 7 * DAY));
  const { year, month, day } = dateOf(local);
  const target = month + count * MONTHS[unit];
  const last = daysOfMonth(year, target);
  return instantOf(zone, startOfDate(year, target, Math.min(day, last)) + (local - floorTo(local, DAY)));
}

function localStart(unit: Exclude<CalendarUnit, 'hour'>, local: number): number {
  if (unit === 'day') return floorTo(local, DAY);
  if (unit === 'week') return floorTo(local - MONDAY, 7 * DAY) + MONDAY;
  const { year, month } = dateOf(local);
  const months = MONTHS[unit];
  return startOfDate(year, floorTo(month - 1, months) + 1, 1);
}

function localEnd(unit: Exclude<CalendarUnit, 'hour'>, start: number): number {
  if (unit === 'day') return start + DAY;
  if (unit === 'week') return start + 7 * DAY;
  const { year, month } = dateOf(start);
  return startOfDate(year, month + MONTHS[unit], 1);
}
