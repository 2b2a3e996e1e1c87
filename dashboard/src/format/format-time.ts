import { DAY, MINUTE } from '#contracts/text/duration.ts';

const two = (n: number): string => String(n).padStart(2, '0');

/** Wall time in the reader's zone: `14:02:11`. */
export function formatClock(time: number): string {
  const d = new Date(time);
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** The tail's time: `14:02:10.412`. */
export function formatClockMs(time: number): string {
  return `${formatClock(time)}.${String(new Date(time).getMilliseconds()).padStart(3, '0')}`;
}

/** A date without its year: `24 Nov`. */
export function formatDay(time: number): string {
  const d = new Date(time);
  return `${d.getDate()} ${formatMonth(d)}`;
}

/** A date with its year: `24 Nov 2026`. */
export const formatDate = (time: number): string => `${formatDay(time)} ${new Date(time).getFullYear()}`;

const formatMonth = (d: Date): string => d.toLocaleString('en', { month: 'short' });

/** Wall time, with its date where that is not the day of `now`: `23 Nov 14:02:11`. */
export function formatMoment(time: number, now: number): string {
  const clock = formatClock(time);
  return new Date(time).toDateString() === new Date(now).toDateString()
    ? clock
    : `${formatDay(time)} ${clock}`;
}

/** A label of the time axis: as fine as the distance between labels asks for. */
export function formatAxisTime(time: number, step: number): string {
  const d = new Date(time);
  if (step > 7 * DAY) return d.getMonth() === 0 ? String(d.getFullYear()) : formatMonth(d);
  // Midnight says which day begins.
  if (step >= DAY || (d.getHours() === 0 && d.getMinutes() === 0 && d.getSeconds() === 0))
    return formatDay(time);
  const minutes = `${two(d.getHours())}:${two(d.getMinutes())}`;
  return step < MINUTE ? `${minutes}:${two(d.getSeconds())}` : minutes;
}

/**
 * A time between two instants: `14:00–14:30`, `28 Nov 22:00–29 Nov 03:00`, of whole days `1–7 Nov`; dates where they are not that of
 * `now`.
 */
export function formatDays(from: number, to: number, now: number): string {
  const year =
    new Date(from).getFullYear() === new Date(now).getFullYear() ? '' : ` ${new Date(from).getFullYear()}`;
  if (isMidnight(from) && isMidnight(to)) return `${wholeDays(from, to)}${year}`;
  const day = (time: number): string => `${formatDay(time)}${year} `;
  if (isSameDay(from, to))
    return `${isSameDay(from, now) ? '' : day(from)}${shortClock(from)}–${shortClock(to)}`;
  return `${day(from)}${shortClock(from)}–${day(to)}${shortClock(to)}`;
}

function wholeDays(from: number, to: number): string {
  // Noon of the last day: days may have 23 hours.
  const newest = startOfDay(to - DAY / 2);
  if (isSameDay(from, newest)) return formatDay(from);
  const isSameMonth = new Date(from).getMonth() === new Date(newest).getMonth() && newest - from < 31 * DAY;
  return `${isSameMonth ? new Date(from).getDate() : formatDay(from)}–${formatDay(newest)}`;
}

const isMidnight = (time: number): boolean => startOfDay(time) === time;
const isSameDay = (a: number, b: number): boolean => startOfDay(a) === startOfDay(b);

const startOfDay = (time: number): number => new Date(time).setHours(0, 0, 0, 0);

/** `14:00`, and `14:00:05` where it is not a whole minute. */
function shortClock(time: number): string {
  const d = new Date(time);
  const seconds = d.getSeconds() === 0 ? '' : `:${two(d.getSeconds())}`;
  return `${two(d.getHours())}:${two(d.getMinutes())}${seconds}`;
}
