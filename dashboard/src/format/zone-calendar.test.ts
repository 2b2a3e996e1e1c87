import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { browserZone, type Calendar, createCalendar, isZone } from './zone-calendar.ts';

const ZONES = [
  ...['UTC', 'Asia/Kathmandu', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe'],
  ...['America/St_Johns', 'Pacific/Apia', 'America/Sao_Paulo'],
];
const calendars = ZONES.map(createCalendar);
const calendar = fc.constantFrom(...calendars);
/** From 1980 to 2040. */
const time = fc.integer({ min: 315_532_800_000, max: 2_208_988_800_000 });
const written = ({ zone }: Calendar, at: number): string =>
  new Intl.DateTimeFormat('sv', {
    ...{ timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).format(at);
const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');

it('shows what the clocks of the zone show', () => {
  fc.assert(
    fc.property(calendar, time, (one, at) => {
      const { year, month, day, hour, minute, second } = one.clockOf(at);
      expect(`${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`).toBe(
        written(one, at),
      );
    }),
  );
});

it('finds a time again by its clock, unless the clocks show it twice', () => {
  fc.assert(
    fc.property(calendar, time, (one, at) => {
      const found = one.timeOf(one.clockOf(at));
      expect(one.clockOf(found)).toEqual(one.clockOf(at));
      expect(found).toBeLessThanOrEqual(at);
    }),
  );
});

describe('where clocks change', () => {
  const berlin = createCalendar('Europe/Berlin');
  const timeOf = (month: number, day: number, hour: number): string =>
    new Date(berlin.timeOf({ year: 2026, month, day, hour, minute: 30, second: 0 })).toISOString();
  it('a time that they show twice is the first', () => {
    expect(timeOf(10, 25, 2)).toBe('2026-10-25T00:30:00.000Z');
  });
  it('one that they skip goes on from before', () => {
    expect(timeOf(3, 29, 2)).toBe('2026-03-29T01:30:00.000Z');
  });
  it('parts beyond their ends count on', () => {
    expect(timeOf(10, 32, 25)).toBe('2026-11-02T00:30:00.000Z');
    expect(timeOf(13, 1, 0)).toBe('2026-12-31T23:30:00.000Z');
  });
});

it('knows which names are zones, and takes UTC for others', () => {
  expect(['UTC', 'Asia/Kathmandu', browserZone()].map(isZone)).toEqual([true, true, true]);
  expect(['', 'Mars/Olympus', '+02:00', 'browser'].map(isZone)).toEqual([false, false, false, false]);
  expect(createCalendar('Mars/Olympus').zone).toBe('UTC');
});

it('gives no time an offset of nothing', () => {
  for (const none of [Number.NaN, Number.POSITIVE_INFINITY, 9e15])
    expect(createCalendar('Europe/Berlin').offsetAt(none)).toBe(0);
});
