import { DAY, MINUTE } from '#contracts/text/duration.ts';
import type { Calendar, ClockTime } from './zone-calendar.ts';

/** How dates are written: `24 Nov 2026`, `Nov 24, 2026` or `2026-11-24`. */
export type DateStyle = 'day-first' | 'month-first' | 'iso';

export interface TimeStyle {
  calendar: Calendar;
  dates: DateStyle;
  /** Of a day: 24, or twice 12. */
  hours: 12 | 24;
}

/** Writes times for a reader: in their zone, and as they like them. Times are epoch ms. */
export interface TimeFormat {
  readonly calendar: Calendar;
  /** Wall time: `14:02:11`. */
  clock(time: number): string;
  /** The tail's time: `14:02:10.412`. */
  clockMs(time: number): string;
  /** A date without its year: `24 Nov`. */
  day(time: number): string;
  /** A date with its year: `24 Nov 2026`. */
  date(time: number): string;
  /** Wall time, with its date where that is not the day of `now`: `23 Nov 14:02:11`; to the minute where that is exact enough. */
  moment(time: number, now: number, to?: 'second' | 'minute'): string;
  /** A label of the time axis: as fine as the distance between labels, ms, asks for. */
  axis(time: number, step: number): string;
  /**
   * A time between two instants: `14:00–14:30`, `28 Nov 22:00–29 Nov 03:00`, of whole days `1–7 Nov`; dates where they are not that of
   * `now`.
   */
  days(from: number, to: number, now: number): string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number): string => String(n).padStart(2, '0');

export function createTimeFormat({ calendar, dates, hours }: TimeStyle): TimeFormat {
  const { clockOf } = calendar;
  const { day, date, month, span } = dateWords(dates);
  const clock = (time: number, rest: (second: number) => string): string =>
    writeClock(clockOf(time), hours, rest);
  const full = (time: number): string => clock(time, (second) => `:${two(Math.floor(second))}`);
  const toMinute = (time: number): string => clock(time, () => '');
  /** `14:00`, and `14:00:05` where it is not a whole minute. */
  const short = (time: number): string => (clockOf(time).second === 0 ? toMinute(time) : full(time));
  const startOfDay = (time: number): number =>
    calendar.timeOf({ ...clockOf(time), hour: 0, minute: 0, second: 0 });
  const isMidnight = (time: number): boolean => startOfDay(time) === time;
  const isSameDay = (a: number, b: number): boolean => {
    const [one, other] = [clockOf(a), clockOf(b)];
    return one.day === other.day && one.month === other.month && one.year === other.year;
  };
  return {
    calendar,
    clock: full,
    clockMs: (time) =>
      clock(
        time,
        (second) =>
          `:${two(Math.floor(second))}.${String(Math.floor(second * 1_000 + 1e-6) % 1_000).padStart(3, '0')}`,
      ),
    day: (time) => day(clockOf(time)),
    date: (time) => date(clockOf(time)),
    moment(time, now, to = 'second') {
      const said = to === 'second' ? full(time) : toMinute(time);
      return isSameDay(time, now) ? said : `${day(clockOf(time))} ${said}`;
    },
    axis(time, step) {
      const at = clockOf(time);
      if (step > 7 * DAY) return at.month === 1 ? String(at.year) : month(at);
      // Midnight says which day begins.
      if (step >= DAY || isMidnight(time)) return day(at);
      return step < MINUTE ? full(time) : toMinute(time);
    },
    days(from, to, now) {
      const isThisYear = clockOf(from).year === clockOf(now).year;
      // Noon of the last day: days may have 23 hours.
      if (isMidnight(from) && isMidnight(to)) return span(clockOf(from), clockOf(to - DAY / 2), !isThisYear);
      const dayOf = (time: number): string => `${(isThisYear ? day : date)(clockOf(time))} `;
      if (isSameDay(from, to)) return `${isSameDay(from, now) ? '' : dayOf(from)}${short(from)}–${short(to)}`;
      return `${dayOf(from)}${short(from)}–${dayOf(to)}${short(to)}`;
    },
  };
}

/** `rest` is what follows the minutes. */
function writeClock(
  { hour, minute, second }: ClockTime,
  hours: 12 | 24,
  rest: (second: number) => string,
): string {
  const tail = `${two(minute)}${rest(second)}`;
  if (hours === 24) return `${two(hour)}:${tail}`;
  return `${hour % 12 === 0 ? 12 : hour % 12}:${tail} ${hour < 12 ? 'am' : 'pm'}`;
}

type SaysDate = (at: ClockTime) => string;

interface DateWords {
  day: SaysDate;
  date: SaysDate;
  month: SaysDate;
  /** Some whole days, the first and the last, with their year or without. */
  span(from: ClockTime, to: ClockTime, withYear: boolean): string;
}

function dateWords(dates: DateStyle): DateWords {
  const name: SaysDate = ({ month }) => MONTHS[month - 1]!;
  const isSame = (a: ClockTime, b: ClockTime): boolean => a.month === b.month && a.year === b.year;
  if (dates === 'iso') {
    const day: SaysDate = ({ month, day }) => `${two(month)}-${two(day)}`;
    const date: SaysDate = (at) => `${at.year}-${day(at)}`;
    const span: DateWords['span'] = (from, to, withYear) => {
      const say = withYear || from.year !== to.year ? date : day;
      return isSame(from, to) && from.day === to.day ? say(from) : `${say(from)} – ${say(to)}`;
    };
    return { day, date, month: ({ year, month }) => `${year}-${two(month)}`, span };
  }
  const isDayFirst = dates === 'day-first';
  const day: SaysDate = (at) => (isDayFirst ? `${at.day} ${name(at)}` : `${name(at)} ${at.day}`);
  const yearOf = (at: ClockTime): string => (isDayFirst ? ` ${at.year}` : `, ${at.year}`);
  const span: DateWords['span'] = (from, to, withYear) => {
    const year = withYear ? yearOf(from) : '';
    if (!isSame(from, to)) return `${day(from)}–${day(to)}${year}`;
    if (from.day === to.day) return day(from) + year;
    return `${isDayFirst ? `${from.day}–${day(to)}` : `${day(from)}–${to.day}`}${year}`;
  };
  return { day, date: (at) => day(at) + yearOf(at), month: name, span };
}
