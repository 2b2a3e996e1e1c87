import { expect, it } from 'vitest';
import { formatAxisTime, formatMoment } from './format-time.ts';

const at = (day: number, h: number, m = 0, s = 0): number => new Date(2026, 10, day, h, m, s).getTime();

it('says the date where a time is not of today', () => {
  expect(formatMoment(at(24, 0, 0, 5), at(24, 0, 10))).toBe('00:00:05');
  expect(formatMoment(at(23, 23, 59, 5), at(24, 0, 10))).toBe('23 Nov 23:59:05');
});

it('labels midnight with the day that begins', () => {
  expect(formatAxisTime(at(24, 0), 300_000)).toBe('24 Nov');
  expect(formatAxisTime(at(23, 23, 55), 300_000)).toBe('23:55');
  expect(formatAxisTime(at(24, 0, 0, 10), 10_000)).toBe('00:00:10');
});

it('labels months, and the year that begins', () => {
  expect(formatAxisTime(new Date(2026, 3, 1).getTime(), 30 * 86_400_000)).toBe('Apr');
  expect(formatAxisTime(new Date(2027, 0, 1).getTime(), 30 * 86_400_000)).toBe('2027');
});
