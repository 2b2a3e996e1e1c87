import { DAY, HOUR, MINUTE, SECOND } from '#contracts/text/duration.ts';
import { dateOf, startOfDate } from '#contracts/time/civil-date.ts';
import { readerOfOffset } from '#contracts/time/zone-offset.ts';

/** A date and time of day on the reader's clock; `month` is 1 to 12. */
export interface ClockTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  /** With its fraction. */
  second: number;
}

/** The clock and calendar of a zone. */
export interface Calendar {
  /** The zone's name in the IANA database. */
  readonly zone: string;
  /** Returns the zone's offset from UTC at a time, ms. */
  offsetAt(time: number): number;
  clockOf(time: number): ClockTime;
  /**
   * Returns the instant of a date and time, epoch ms; parts beyond their ends count on. Of a time that the clocks show twice it is the
   * first, and one that they skip is counted on from before the change.
   */
  timeOf(clock: ClockTime): number;
}

const UTC = 'UTC';
/** Days of which the offset is kept: it is asked for hundreds of times a frame. */
const MOST_DAYS = 4_096;
/** Beyond it there are no dates, ms. */
const LAST = 8.64e15;

/** Returns the zone that the browser is set to, or UTC where it names none that it knows. */
export function browserZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return isZone(zone) ? zone : UTC;
}

export const isZone = (name: string): boolean => readerOfOffset(name) !== null;

/** Creates the calendar of a zone; of a name that is none, that of UTC. */
export function createCalendar(name: string): Calendar {
  const read = readerOfOffset(name);
  if (read === null) return createCalendar(UTC);
  /** By day of UTC; null where the clocks change on it. */
  const days = new Map<number, number | null>();
  const readDay = (day: number): number | null => {
    const [first, next] = [read(day * DAY), read(Math.min(LAST, (day + 1) * DAY))];
    if (days.size >= MOST_DAYS) days.clear();
    const offset = first === next ? first : null;
    days.set(day, offset);
    return offset;
  };
  const offsetAt = (time: number): number => {
    // No time at all has no offset.
    if (!(Math.abs(time) <= LAST)) return 0;
    const day = Math.floor(time / DAY);
    const known = days.get(day);
    return (known === undefined ? readDay(day) : known) ?? read(time);
  };
  return {
    zone: name,
    offsetAt,
    clockOf(time) {
      const local = time + offsetAt(time);
      const ofDay = local - Math.floor(local / DAY) * DAY;
      const [hour, minute] = [Math.floor(ofDay / HOUR), Math.floor((ofDay % HOUR) / MINUTE)];
      return { ...dateOf(local), hour, minute, second: (ofDay % MINUTE) / SECOND };
    },
    timeOf({ year, month, day, hour, minute, second }) {
      const local =
        startOfDate(year, month, day) + hour * HOUR + minute * MINUTE + Math.round(second * SECOND);
      // Clocks change at most once within a day of any time.
      const [before, after] = [offsetAt(local - DAY), offsetAt(local + DAY)];
      const isAfter = offsetAt(local - before) !== before && offsetAt(local - after) === after;
      return local - (isAfter ? after : before);
    },
  };
}
