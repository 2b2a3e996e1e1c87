import { DAY } from '#contracts/text/duration.ts';
import type { CalendarUnit } from '#contracts/time/calendar.ts';
import type { Calendar } from '../format/zone-calendar.ts';

const MIDNIGHT = { hour: 0, minute: 0, second: 0 };
/** 1970-01-05 was a Monday. */
const MONDAY = 4;

/** Returns the start of the period that holds a time, or of one some periods before or after it. A week begins on Monday. */
export function startOfPeriod(unit: CalendarUnit, time: number, calendar: Calendar, away = 0): number {
  const { year, month, day, hour } = calendar.clockOf(time);
  const at = (y: number, m: number, d: number, h = 0): number =>
    calendar.timeOf({ ...MIDNIGHT, year: y, month: m, day: d, hour: h });
  if (unit === 'hour') return at(year, month, day, hour + away);
  if (unit === 'day') return at(year, month, day + away);
  if (unit === 'week') {
    const days = Math.round(Date.UTC(year, month - 1, day) / DAY);
    const since = (((days - MONDAY) % 7) + 7) % 7;
    return at(year, month, day - since + 7 * away);
  }
  const months = { month: 1, quarter: 3, year: 12 }[unit];
  return at(year, Math.floor((month - 1) / months) * months + 1 + away * months, 1);
}
