import { DAY, HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';
import type { CalendarUnit } from '#contracts/time/calendar.ts';
import type { Calendar } from '../format/zone-calendar.ts';
import { between, isPossible, last, type PageRange } from './page-range.ts';
import { parseMoment } from './parse-moment.ts';
import { startOfPeriod } from './start-of-period.ts';

/** What was typed as a range, or why it is none: a sentence that says what to write. */
export type TypedRange = { range: PageRange } | { message: string };

export const EXAMPLES = ['last 3 days', 'today', '2026-11-29 14:00 – 14:30'];

const LENGTHS: readonly (readonly [RegExp, number])[] = [
  [/^(s|sec|secs|second|seconds)$/, SECOND],
  [/^(m|min|mins|minute|minutes)$/, MINUTE],
  [/^(h|hr|hrs|hour|hours)$/, HOUR],
  [/^(d|day|days)$/, DAY],
  [/^(w|week|weeks)$/, 7 * DAY],
  [/^(mo|month|months)$/, 30 * DAY],
  [/^(q|quarter|quarters)$/, 91 * DAY],
  [/^(y|year|years)$/, 365 * DAY],
];
const UNIT = /^(hour|day|week|month|quarter|year)$/;
/** Between two times: a dash, a slash, dots or a word. A dash within a date has no space around it. */
const APART = /\s+(?:-|to|until|till)\s+|\s*(?:–|—|\.\.+|\/)\s*/;
/** A dash between two times of day needs no space. */
const CLOCKS = /^(.*\d:\d\d(?::\d\d)?)-(\d{1,2}:\d\d.*)$/;

/**
 * Reads a range as people write it: a length (`3 days`, `last 90 min`, `1h 30m`), a period (`today`, `this week`, `yesterday`,
 * `previous month`, `2026-11-29`, `2026-11`), or two times (`2026-11-29 14:00 – 14:30`, `29 Nov 22:00 to 30 Nov 3:00`, ISO 8601).
 * Times without a zone are those of the calendar.
 */
export function parseRange(typed: string, now: number, calendar: Calendar): TypedRange {
  const text = typed.trim().replace(/\s+/g, ' ').toLowerCase();
  if (text === '') return { message: `Write a range such as ${quoteAll(EXAMPLES)}.` };
  const read = readLength(text) ?? readPeriod(text, now, calendar) ?? readTimes(text, now, calendar);
  if (read === null) return { message: `“${typed.trim()}” is no range. Write ${quoteAll(EXAMPLES)}.` };
  return 'message' in read ? read : checkRange(read.range, now);
}

const quoteAll = (all: readonly string[]): string =>
  `${all
    .slice(0, -1)
    .map((one) => `“${one}”`)
    .join(', ')} or “${all.at(-1)}”`;

function checkRange(range: PageRange, now: number): TypedRange {
  if (range.kind === 'this') return { range };
  if (range.kind === 'between') {
    if (range.to <= range.from) return { message: 'The end is not after the start.' };
    if (range.from >= now) return { message: 'That is in the future: nothing can have been counted yet.' };
  }
  const ms = range.kind === 'last' ? range.ms : range.to - range.from;
  return isPossible(ms) ? { range } : { message: 'A range is from 2 seconds to 10 years long.' };
}

/** `3 days`, `last 3 days`, `last hour`, `1h 30m`. */
function readLength(text: string): TypedRange | null {
  const rest = text.replace(/^(?:the )?(?:last|past) /, '');
  const named = rest !== text;
  if (named && lengthOf(rest) !== null) return { range: last(lengthOf(rest)!) };
  let sum = 0;
  const left = rest.replace(
    /(\d+(?:\.\d+)?) ?([a-z]+)(?: |$|(?=\d))/g,
    (part, number: string, unit: string) => {
      const length = lengthOf(unit);
      if (length === null) return part;
      sum += Number(number) * length;
      return '';
    },
  );
  return left.trim() === '' && sum > 0 ? { range: last(Math.round(sum / SECOND) * SECOND) } : null;
}

const lengthOf = (unit: string): number | null => LENGTHS.find(([name]) => name.test(unit))?.[1] ?? null;

/** `today`, `this week`, `yesterday`, `previous month`, `2026-11`, a date. */
function readPeriod(text: string, now: number, calendar: Calendar): TypedRange | null {
  const whole = (unit: CalendarUnit, time: number, away = 0): TypedRange => ({
    range: between(startOfPeriod(unit, time, calendar, away), startOfPeriod(unit, time, calendar, away + 1)),
  });
  if (text === 'today') return { range: { kind: 'this', unit: 'day', timezone: calendar.zone } };
  if (text === 'yesterday') return whole('day', now, -1);
  const [word = '', unit = ''] = text.split(' ');
  if (UNIT.test(unit) && text.split(' ').length === 2) {
    if (word === 'this')
      return { range: { kind: 'this', unit: unit as CalendarUnit, timezone: calendar.zone } };
    if (word === 'previous' || word === 'prev') return whole(unit as CalendarUnit, now, -1);
  }
  const month = /^(\d{4})-(\d{2})$/.exec(text);
  if (month !== null && Number(month[2]) >= 1 && Number(month[2]) <= 12) {
    const clock = { year: Number(month[1]), month: Number(month[2]), day: 1, hour: 0, minute: 0, second: 0 };
    return whole('month', calendar.timeOf(clock));
  }
  const moment = parseMoment(text, { now, calendar, day: null });
  return moment?.isDay ? whole('day', moment.time) : null;
}

/** Two times, or one after `since`. A date as the end includes that day. */
function readTimes(text: string, now: number, calendar: Calendar): TypedRange | null {
  const since = /^(?:since|from) (.+)$/.exec(text)?.[1];
  const clocks = CLOCKS.exec(text);
  const parts = clocks === null ? (since ?? text).split(APART) : clocks.slice(1);
  if (since !== undefined && parts.length === 1) parts.push('now');
  if (parts.length === 1 && parseMoment(text, { now, calendar, day: null }) !== null)
    return { message: 'That is one time. Write when it ends, too: “14:00 – 14:30”, or “since 14:00”.' };
  const [first, second] = parts;
  if (first === undefined || second === undefined || parts.length > 2) return null;
  const from = parseMoment(first, { now, calendar, day: null });
  if (from === null)
    return { message: `“${first}” is no time. Write “2026-11-29 14:00”, “29 Nov 14:00” or “14:00”.` };
  const to = parseMoment(second, { now, calendar, day: from.time });
  if (to === null)
    return { message: `“${second}” is no time. Write “2026-11-29 14:30”, “29 Nov 14:30” or “14:30”.` };
  const end = to.isDay ? startOfPeriod('day', to.time, calendar, 1) : to.time;
  // From an evening to a morning.
  const over = to.isClock && from.isClock && end <= from.time ? startOfNext(end, calendar) : end;
  return { range: between(from.time, over) };
}

const startOfNext = (time: number, calendar: Calendar): number => {
  const clock = calendar.clockOf(time);
  return calendar.timeOf({ ...clock, day: clock.day + 1 });
};
