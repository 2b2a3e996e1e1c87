import { parseTimestamp } from '#contracts/event/timestamp.ts';
import type { Calendar } from '../format/zone-calendar.ts';
import { startOfPeriod } from './start-of-period.ts';

export interface Moment {
  /** Epoch ms; of a date its first moment. */
  time: number;
  /** Only a date was said. */
  isDay: boolean;
  /** Only a time of day was said. */
  isClock: boolean;
}

interface MomentOptions {
  now: number;
  calendar: Calendar;
  /** A time on the day that a time of day without a date is of; null for today, or yesterday where that is still to come. */
  day: number | null;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,3})?))?$/;
const ZONED = /t?\d{1,2}:\d{2}.*(z|[+-]\d{2}:?\d{2})$/;

/** Reads one time as people write it, in lower case: `now`, `14:00`, `2026-11-29 14:00`, `29 nov`, `yesterday 9:30`, ISO 8601. */
export function parseMoment(text: string, { now, calendar, day }: MomentOptions): Moment | null {
  if (text === 'now') return { time: now, isDay: false, isClock: false };
  if (ZONED.test(text)) {
    const time = parseTimestamp(text.replace('t', 'T').replace('z', 'Z'));
    return time === null ? null : { time, isDay: false, isClock: false };
  }
  const [, date = '', clock] = /^(.*?)(?:(?:^|[ t]| at )(\d{1,2}:\S+))?$/.exec(text) ?? [];
  const start =
    date.trim() === '' ? startOfPeriod('day', day ?? now, calendar) : readDate(date.trim(), now, calendar);
  if (start === null) return null;
  if (clock === undefined) return date.trim() === '' ? null : { time: start, isDay: true, isClock: false };
  const read = CLOCK.exec(clock);
  if (read === null) return null;
  const [hour, minute, second] = [Number(read[1]), Number(read[2]), Number(read[3] ?? 0)];
  if (hour > 24 || minute > 59 || second >= 60) return null;
  const isClock = date.trim() === '';
  const at = (away: number): number => {
    const parts = calendar.clockOf(start);
    return calendar.timeOf({ ...parts, day: parts.day + away, hour, minute, second });
  };
  return { time: isClock && day === null && at(0) > now ? at(-1) : at(0), isDay: false, isClock };
}

/** Returns the first moment of a date: `today`, `2026-11-29`, `29 nov`, `29 november 2026`, `nov 29`. */
function readDate(text: string, now: number, calendar: Calendar): number | null {
  if (text === 'today') return startOfPeriod('day', now, calendar);
  if (text === 'yesterday') return startOfPeriod('day', now, calendar, -1);
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (iso !== null) return dateOf([Number(iso[1]), Number(iso[2]), Number(iso[3])], calendar);
  const words =
    /^(\d{1,2})\.? ([a-z]{3,9})\.?,?(?: (\d{4}))?$/.exec(text) ??
    swap(/^([a-z]{3,9})\.? (\d{1,2}),?(?: (\d{4}))?$/.exec(text));
  if (words === null) return null;
  const month = MONTHS.indexOf(words[2]!.slice(0, 3)) + 1;
  if (month === 0) return null;
  const { year } = calendar.clockOf(now);
  if (words[3] !== undefined) return dateOf([Number(words[3]), month, Number(words[1])], calendar);
  // Without a year the newest such day.
  const time = dateOf([year, month, Number(words[1])], calendar);
  return time !== null && time > now ? dateOf([year - 1, month, Number(words[1])], calendar) : time;
}

const swap = (match: RegExpExecArray | null): (string | undefined)[] | null =>
  match === null ? null : [match[0], match[2], match[1], match[3]];

/** Null where the month has no such day. */
function dateOf([year, month, day]: [number, number, number], calendar: Calendar): number | null {
  const time = calendar.timeOf({ year, month, day, hour: 0, minute: 0, second: 0 });
  const clock = calendar.clockOf(time);
  return clock.month === month && clock.day === day && year >= 1970 && year < 2200 ? time : null;
}
