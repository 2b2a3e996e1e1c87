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
