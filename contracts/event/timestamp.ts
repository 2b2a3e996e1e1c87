/** Date, T or a space, time, optional fraction, and a zone: a time without a zone would mean another instant on every machine. */
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)?(?:([Zz])|([+-])(\d{2}):?(\d{2}))$/;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The latest instant that is taken, 2200-01-01: what the Store's DateTime64(3) can hold with room to spare. */
export const MAX_TIMESTAMP = 7_258_118_400_000;

/**
 * Reads an event's timestamp into whole epoch milliseconds (rounded down); null when it cannot be read or
 * lies outside 1970 to 2200. ISO 8601 with a zone (a bare date is UTC midnight), or an epoch number whose
 * unit follows from its magnitude: below 1e11 seconds, below 1e14 milliseconds, below 1e17 microseconds, else nanoseconds.
 */
export function parseTimestamp(value: unknown): number | null {
  const ms = typeof value === 'number' ? readEpoch(value) : typeof value === 'string' ? fromIso(value) : null;
  return ms !== null && ms >= 0 && ms < MAX_TIMESTAMP ? ms : null;
}

/** Converts a number to epoch ms by the unit that its magnitude implies; null if it is negative or not finite. */
export function readEpoch(value: number): number | null {
  if (!Number.isFinite(value) || value < 0) return null;
  if (value < 1e11) return Math.floor(value * 1_000);
  if (value < 1e14) return Math.floor(value);
  if (value < 1e17) return Math.floor(value / 1_000);
  return Math.floor(value / 1_000_000);
}

function fromIso(text: string): number | null {
  const day = DAY.exec(text);
  if (day) return utcTime(Number(day[1]), Number(day[2]), Number(day[3]), 0, 0, 0);
  const m = ISO.exec(text);
  if (!m) return null;
  const base = utcTime(
    Number(m[1]),
    Number(m[2]),
    Number(m[3]),
    Number(m[4]),
    Number(m[5]),
    Number(m[6] ?? 0),
  );
  if (base === null) return null;
  const fraction = m[7] === undefined ? 0 : Number(m[7].slice(0, 3).padEnd(3, '0'));
  if (m[8] !== undefined) return base + fraction;
  const hours = Number(m[10]);
  const minutes = Number(m[11]);
  if (hours > 23 || minutes > 59) return null;
  return base + fraction - (m[9] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** Days from civil date (proleptic Gregorian), after Howard Hinnant's days_from_civil; arithmetic alone, which allocates nothing. */
export function utcTime(y: number, mo: number, d: number, h: number, mi: number, s: number): number | null {
  if (mo < 1 || mo > 12 || d < 1 || d > daysInMonth(y, mo) || h > 23 || mi > 59 || s > 59) return null;
  const year = mo <= 2 ? y - 1 : y;
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (mo + (mo > 2 ? -3 : 9)) + 2) / 5) + d - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return ((era * 146_097 + dayOfEra - 719_468) * 24 * 60 + h * 60 + mi) * 60_000 + s * 1_000;
}

function daysInMonth(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}
