import { expect, it } from 'vitest';
import { createTimeFormat, type TimeStyle } from './format-time.ts';
import { createCalendar } from './zone-calendar.ts';

const at = (text: string): number => Date.parse(`${text}Z`);
const format = (style: Partial<Omit<TimeStyle, 'calendar'>> = {}, zone = 'UTC') =>
  createTimeFormat({ dates: 'day-first', hours: 24, ...style, calendar: createCalendar(zone) });

it('says the date where a time is not of today', () => {
  const { moment } = format();
  expect(moment(at('2026-11-24T00:00:05'), at('2026-11-24T00:10:00'))).toBe('00:00:05');
  expect(moment(at('2026-11-23T23:59:05'), at('2026-11-24T00:10:00'))).toBe('23 Nov 23:59:05');
  expect(moment(at('2026-11-23T23:59:05'), at('2026-11-24T00:10:00'), 'minute')).toBe('23 Nov 23:59');
  expect(moment(at('2026-11-23T23:59:05'), Number.NaN)).toBe('23 Nov 23:59:05');
});

it('labels midnight with the day that begins', () => {
  const { axis } = format();
  expect(axis(at('2026-11-24T00:00:00'), 300_000)).toBe('24 Nov');
  expect(axis(at('2026-11-23T23:55:00'), 300_000)).toBe('23:55');
  expect(axis(at('2026-11-24T00:00:10'), 10_000)).toBe('00:00:10');
  // There the day begins at another time.
  const kathmandu = format({}, 'Asia/Kathmandu');
  expect(kathmandu.axis(at('2026-11-23T18:15:00'), 300_000)).toBe('24 Nov');
  expect(kathmandu.axis(at('2026-11-24T00:00:00'), 300_000)).toBe('05:45');
});

it('labels months, and the year that begins', () => {
  const { axis } = format();
  expect(axis(at('2026-04-01T00:00:00'), 30 * 86_400_000)).toBe('Apr');
  expect(axis(at('2027-01-01T00:00:00'), 30 * 86_400_000)).toBe('2027');
  expect(format({ dates: 'iso' }).axis(at('2026-04-01T00:00:00'), 30 * 86_400_000)).toBe('2026-04');
});

it.each([
  [{}, '14:02:11', '14:02:11.412', '24 Nov 2026', '24 Nov'],
  [{ hours: 12 as const }, '2:02:11 pm', '2:02:11.412 pm', '24 Nov 2026', '24 Nov'],
  [{ dates: 'month-first' as const }, '14:02:11', '14:02:11.412', 'Nov 24, 2026', 'Nov 24'],
  [{ dates: 'iso' as const }, '14:02:11', '14:02:11.412', '2026-11-24', '11-24'],
])('writes a time as %j asks', (style, clock, clockMs, date, day) => {
  const time = at('2026-11-24T14:02:11.412');
  const written = format(style);
  expect([written.clock(time), written.clockMs(time), written.date(time), written.day(time)]).toEqual([
    ...[clock, clockMs, date, day],
  ]);
});

it('calls noon and midnight twelve on a clock of twelve hours', () => {
  const { clock } = format({ hours: 12 });
  expect(clock(at('2026-11-24T12:00:00'))).toBe('12:00:00 pm');
  expect(clock(at('2026-11-24T00:00:00'))).toBe('12:00:00 am');
});

it.each([
  ['day-first', '1–7 Nov', '29 Nov 14:00–14:30', '28 Nov 22:00–29 Nov 03:00', '1–7 Nov 2025'],
  ['month-first', 'Nov 1–7', 'Nov 29 14:00–14:30', 'Nov 28 22:00–Nov 29 03:00', 'Nov 1–7, 2025'],
  ['iso', '11-01 – 11-07', '11-29 14:00–14:30', '11-28 22:00–11-29 03:00', '2025-11-01 – 2025-11-07'],
] as const)('says a time between two instants: %s', (dates, days, clocks, both, year) => {
  const written = format({ dates });
  const say = (from: string, to: string): string => written.days(at(from), at(to), at('2026-11-30T15:30:00'));
  expect([
    say('2026-11-01T00:00:00', '2026-11-08T00:00:00'),
    say('2026-11-29T14:00:00', '2026-11-29T14:30:00'),
    say('2026-11-28T22:00:00', '2026-11-29T03:00:00'),
    say('2025-11-01T00:00:00', '2025-11-08T00:00:00'),
  ]).toEqual([days, clocks, both, year]);
});
