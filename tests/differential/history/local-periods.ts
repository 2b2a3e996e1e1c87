import type { CalendarUnit } from '#contracts/time/calendar.ts';

/** All zones of today begin their periods at a quarter of an hour of UTC. */
const QUARTER = 900_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface Period {
  start: number;
  end: number;
}

/**
 * The period of a zone that holds a time, found by asking the runtime what a calendar on the wall says, step by step: none of
 * the tables and none of the arithmetic of `contracts/time`.
 */
export function periodHolding(unit: CalendarUnit, zone: string, time: number): Period {
  const step = unit === 'hour' ? QUARTER : 6 * HOUR;
  const at = Math.floor(time / QUARTER) * QUARTER;
  const own = nameOf(unit, zone, at);
  const isOwn = (other: number): boolean => nameOf(unit, zone, other) === own;
  let start = at;
  while (isOwn(start - step)) start -= step;
  while (isOwn(start - QUARTER)) start -= QUARTER;
  let end = at;
  while (isOwn(end + step)) end += step;
  while (isOwn(end)) end += QUARTER;
  return { start, end };
}

/** Periods from the one that holds `from` on, that begin before `to`. */
export function periodsBetween(unit: CalendarUnit, zone: string, from: number, to: number): Period[] {
  const periods = [periodHolding(unit, zone, from)];
  while (periods.at(-1)!.end < to) periods.push(periodHolding(unit, zone, periods.at(-1)!.end));
  return periods;
}

/** What tells a period from its neighbours. An hour that the clocks show twice has two offsets. */
function nameOf(unit: CalendarUnit, zone: string, time: number): string {
  const { year, month, day, hour, minute } = wallClock(zone, time);
  const days = Date.UTC(year, month - 1, day) / DAY;
  const offset = days * DAY + hour * HOUR + minute * 60_000 - time;
  return {
    hour: `${days} ${hour} ${offset}`,
    day: `${days}`,
    // 1970-01-05 was a Monday.
    week: `${Math.floor((days - 4) / 7)}`,
    month: `${year} ${month}`,
    quarter: `${year} ${Math.floor((month - 1) / 3)}`,
    year: `${year}`,
  }[unit];
}

type Wall = Record<'year' | 'month' | 'day' | 'hour' | 'minute', number>;
const formats = new Map<string, { format: Intl.DateTimeFormat; known: Map<number, Wall> }>();

function wallClock(timeZone: string, time: number): Wall {
  const { format, known } = formats.get(timeZone) ?? {
    format: new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    }),
    known: new Map<number, Wall>(),
  };
  formats.set(timeZone, { format, known });
  const found = known.get(time);
  if (found !== undefined) return found;
  const wall: Wall = { year: 0, month: 0, day: 0, hour: 0, minute: 0 };
  for (const { type, value } of format.formatToParts(time))
    if (type in wall) wall[type as keyof Wall] = Number(value);
  known.set(time, wall);
  return wall;
}
