import { DAY } from '../text/duration.ts';

/** A date of the Gregorian calendar. */
export interface CivilDate {
  year: number;
  /** 1 to 12. */
  month: number;
  /** 1 to 31. */
  day: number;
}

/** Days in an era of 400 years, after which the calendar repeats. */
const ERA = 146_097;

/** Returns the date of a local time in ms. After "chrono-compatible low-level date algorithms" (Hinnant 2014). */
export function dateOf(local: number): CivilDate {
  // Counted from 1 March of the year 0, so that the leap day is the last of a year.
  const days = Math.floor(local / DAY) + 719_468;
  const era = Math.floor(days / ERA);
  const dayOfEra = days - era * ERA;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

/** Returns the local time in ms at which a date begins. Months beyond 1 to 12 count on into other years. */
export function startOfDate(year: number, month: number, day: number): number {
  const months = year * 12 + month - 1 - 2;
  const y = Math.floor(months / 12);
  const fromMarch = months - y * 12;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * fromMarch + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * ERA + dayOfEra - 719_468) * DAY;
}

/** Returns the number of days of a month; months beyond 1 to 12 count on into other years. */
export const daysOfMonth = (year: number, month: number): number =>
  (startOfDate(year, month + 1, 1) - startOfDate(year, month, 1)) / DAY;

const digits = (value: number, length = 2): string => String(value).padStart(length, '0');

/** Returns an instant as ISO 8601 text in UTC: "2026-11-29T14:00:00.000Z". */
export function isoTime(time: number): string {
  const { year, month, day } = dateOf(time);
  const ms = time - Math.floor(time / DAY) * DAY;
  const clock = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1_000) % 60].map((part) =>
    digits(Math.floor(part)),
  );
  return `${digits(year, 4)}-${digits(month)}-${digits(day)}T${clock.join(':')}.${digits(ms % 1_000, 3)}Z`;
}
