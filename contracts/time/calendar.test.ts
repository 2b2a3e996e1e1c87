import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createZoneTable } from '#platform/time/zone-table.ts';
import { HOUR, MINUTE } from '../text/duration.ts';
import {
  addPeriods,
  CALENDAR_UNITS,
  type CalendarUnit,
  LONGEST,
  periodEnd,
  periodStart,
} from './calendar.ts';
import { dateOf, isoTime, startOfDate } from './civil-date.ts';
import { instantOf, localTime, type Zone } from './zone.ts';

const zoneOf = createZoneTable();
const zone = (name: string): Zone => zoneOf(name)!;
const at = (text: string): number => Date.parse(text);
const minutesOf = (unit: CalendarUnit, name: string, time: string): number => {
  const start = periodStart(unit, zone(name), at(time));
  return (periodEnd(unit, zone(name), start) - start) / MINUTE;
};
const hoursOf = (name: string, time: string): number[] => {
  const start = periodStart('day', zone(name), at(time));
  const end = periodEnd('day', zone(name), start);
  const hours: number[] = [];
  for (let hour = start; hour < end; hour = periodEnd('hour', zone(name), hour)) hours.push(hour);
  return hours;
};

describe('case 7: days follow the clocks through their changes', () => {
  it.each([
    ['Europe/Berlin', '2026-10-25T12:00:00Z', 1_500, 25],
    ['Europe/Berlin', '2027-03-28T12:00:00Z', 1_380, 23],
    ['America/New_York', '2026-11-01T12:00:00Z', 1_500, 25],
    ['Australia/Lord_Howe', '2026-10-04T00:00:00Z', 1_410, 24],
    ['America/St_Johns', '1988-10-30T12:00:00Z', 1_560, 27],
  ])('%s, %s', (name, time, minutes, hours) => {
    expect(minutesOf('day', name, time)).toBe(minutes);
    expect(hoursOf(name, time)).toHaveLength(hours);
  });

  it('an hour that the clocks show twice is two', () => {
    const shown = hoursOf('Europe/Berlin', '2026-10-25T12:00:00Z').map(
      (hour) => (localTime(zone('Europe/Berlin'), hour) / HOUR) % 24,
    );
    expect(shown.filter((hour) => hour === 2)).toHaveLength(2);
  });
});

it('case 8: the day of a zone that is ahead by 5:45 begins there', () => {
  const start = periodStart('day', zone('Asia/Kathmandu'), at('2026-11-01T00:00:00Z'));
  expect(start).toBe(at('2026-10-31T18:15:00Z'));
});

it.each([
  ['week', 'Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-18T22:00:00Z', '2026-10-25T23:00:00Z'],
  ['month', 'UTC', '2028-02-29T23:59:59Z', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z'],
  ['month', 'America/New_York', '2026-11-15T00:00:00Z', '2026-11-01T04:00:00Z', '2026-12-01T05:00:00Z'],
  ['quarter', 'UTC', '2026-11-30T00:00:00Z', '2026-10-01T00:00:00Z', '2027-01-01T00:00:00Z'],
  ['year', 'Europe/Berlin', '2026-12-31T23:30:00Z', '2026-12-31T23:00:00Z', '2027-12-31T23:00:00Z'],
] as const)('a %s in %s around %s', (unit, name, time, start, end) => {
  expect(isoTime(periodStart(unit, zone(name), at(time)))).toBe(new Date(start).toISOString());
  expect(isoTime(periodEnd(unit, zone(name), at(start)))).toBe(new Date(end).toISOString());
});

it('goes some periods on at the same time of day, to the last day of a shorter month', () => {
  const berlin = { unit: 'month', zone: zone('Europe/Berlin') } as const;
  expect(isoTime(addPeriods(berlin, at('2027-03-31T08:00:00Z'), -1))).toBe('2027-02-28T09:00:00.000Z');
  expect(isoTime(addPeriods(berlin, at('2028-03-31T08:00:00Z'), -1))).toBe('2028-02-29T09:00:00.000Z');
  const day = { unit: 'day', zone: zone('Europe/Berlin') } as const;
  expect(isoTime(addPeriods(day, at('2026-10-26T09:00:00Z'), -1))).toBe('2026-10-25T09:00:00.000Z');
  expect(isoTime(addPeriods(day, at('2026-10-25T09:00:00Z'), -1))).toBe('2026-10-24T08:00:00.000Z');
});

/** Half of them in zones whose clocks are changed at midnight, by half an hour, or never. */
const zones = fc.constantFrom(
  ...[
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/St_Johns',
  ],
  ...['Africa/Cairo', 'America/Sao_Paulo', 'Africa/Casablanca', 'Asia/Beirut', 'America/Havana'],
);
const times = fc.integer({ min: at('1975-01-01T00:00:00Z'), max: at('2049-01-01T00:00:00Z') });

it('periods follow one another without gaps, and each time is in its own', () => {
  fc.assert(
    fc.property(zones, fc.constantFrom(...CALENDAR_UNITS), times, (name, unit, time) => {
      const start = periodStart(unit, zone(name), time);
      const end = periodEnd(unit, zone(name), start);
      expect(start).toBeLessThanOrEqual(time);
      expect(end).toBeGreaterThan(time);
      expect(end - start).toBeLessThanOrEqual(LONGEST[unit]);
      expect(periodStart(unit, zone(name), start)).toBe(start);
      expect(periodStart(unit, zone(name), end)).toBe(end);
      expect(periodStart(unit, zone(name), end - 1)).toBe(start);
    }),
    { numRuns: 5_000, examples: [['America/St_Johns', 'quarter', 591_672_600_000]] },
  );
});

it('local days are those that the runtime shows', () => {
  fc.assert(
    fc.property(zones, times, (name, time) => {
      const format = new Intl.DateTimeFormat('en-CA', { timeZone: name, dateStyle: 'short' });
      const { year, month, day } = dateOf(localTime(zone(name), time));
      const text = [year, month, day].map((part) => String(part).padStart(2, '0')).join('-');
      expect(format.format(time)).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});

it('dates are those of the runtime, also before 1970', () => {
  fc.assert(
    fc.property(fc.integer({ min: -5e12, max: 7e12 }), (time) => {
      const date = new Date(time);
      const { year, month, day } = dateOf(time);
      expect([year, month, day]).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
      expect(startOfDate(year, month, day)).toBe(Date.UTC(year, month - 1, day));
      if (year > 0) expect(isoTime(time)).toBe(date.toISOString());
    }),
  );
});

it('an instant of a local time is the first that shows it, or what follows a gap', () => {
  const berlin = zone('Europe/Berlin');
  const shown = (time: string) => isoTime(instantOf(berlin, at(time)));
  expect(shown('2026-10-25T02:30:00Z')).toBe('2026-10-25T00:30:00.000Z');
  expect(shown('2027-03-28T02:30:00Z')).toBe('2027-03-28T01:00:00.000Z');
});
