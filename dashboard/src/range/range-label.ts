import { DAY } from '#contracts/text/duration.ts';
import { formatSpan } from '../format/format-duration.ts';
import { formatDay } from '../format/format-time.ts';
import type { PageRange } from './page-range.ts';
import { LOCAL, startOfPeriod } from './reader-calendar.ts';

const PERIODS = {
  hour: 'this hour',
  day: 'today',
  week: 'this week',
  month: 'this month',
  quarter: 'this quarter',
  year: 'this year',
} as const;

const two = (n: number): string => String(n).padStart(2, '0');

/** Names a range: `15 min`, `today`, `14:00–14:30`, `28 Nov 22:00–29 Nov 03:00`, `1–7 Nov`; dates where they are not that of `now`. */
export function rangeLabel(range: PageRange, now: number): string {
  if (range.kind === 'last') return formatSpan(range.ms);
  return range.kind === 'this' ? PERIODS[range.unit] : betweenLabel(range.from, range.to, now);
}

function betweenLabel(from: number, to: number, now: number): string {
  const year =
    new Date(from).getFullYear() === new Date(now).getFullYear() ? '' : ` ${new Date(from).getFullYear()}`;
  if (isMidnight(from) && isMidnight(to)) return `${daysLabel(from, to)}${year}`;
  const day = (time: number): string => `${formatDay(time)}${year} `;
  if (isSameDay(from, to)) return `${isSameDay(from, now) ? '' : day(from)}${clock(from)}–${clock(to)}`;
  return `${day(from)}${clock(from)}–${day(to)}${clock(to)}`;
}

function daysLabel(from: number, to: number): string {
  // Noon of the last day: days may have 23 hours.
  const newest = startOfPeriod('day', to - DAY / 2, LOCAL);
  if (isSameDay(from, newest)) return formatDay(from);
  const isSameMonth = new Date(from).getMonth() === new Date(newest).getMonth() && newest - from < 31 * DAY;
  return `${isSameMonth ? new Date(from).getDate() : formatDay(from)}–${formatDay(newest)}`;
}

const isMidnight = (time: number): boolean => startOfPeriod('day', time, LOCAL) === time;
const isSameDay = (a: number, b: number): boolean =>
  startOfPeriod('day', a, LOCAL) === startOfPeriod('day', b, LOCAL);

/** `14:00`, and `14:00:05` where it is not a whole minute. */
function clock(time: number): string {
  const d = new Date(time);
  const seconds = d.getSeconds() === 0 ? '' : `:${two(d.getSeconds())}`;
  return `${two(d.getHours())}:${two(d.getMinutes())}${seconds}`;
}
