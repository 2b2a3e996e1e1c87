import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '#contracts/text/duration.ts';
import type { Calendar } from '../format/zone-calendar.ts';
import { parseRange } from './parse-range.ts';

/** A zone two hours ahead, without changes. */
const AHEAD = 2 * HOUR;
const CALENDAR: Calendar = {
  zone: 'Test/Ahead',
  offsetAt: () => AHEAD,
  clockOf(time) {
    const d = new Date(time + AHEAD);
    return {
      ...{ year: d.getUTCFullYear(), month: d.getUTCMonth() + 1, day: d.getUTCDate() },
      ...{ hour: d.getUTCHours(), minute: d.getUTCMinutes(), second: d.getUTCSeconds() },
    };
  },
  timeOf: ({ year, month, day, hour, minute, second }) =>
    Date.UTC(year, month - 1, day, hour, minute, 0) + second * 1_000 - AHEAD,
};
const at = (text: string): number => Date.parse(`${text}+02:00`);
/** A Monday. */
const NOW = at('2026-11-30T15:30:00');
const read = (text: string) => {
  const typed = parseRange(text, NOW, CALENDAR);
  return 'range' in typed ? typed.range : typed.message;
};

describe('a length', () => {
  it.each([
    ['15m', 15 * MINUTE],
    ['15 min', 15 * MINUTE],
    ['last 3 days', 3 * DAY],
    ['Last  Hour', HOUR],
    ['past 2 weeks', 14 * DAY],
    ['1h 30m', 90 * MINUTE],
    ['1h30m', 90 * MINUTE],
    ['1.5 h', 90 * MINUTE],
    ['1 year', 365 * DAY],
  ])('%s', (text, ms) => {
    expect(read(text)).toEqual({ kind: 'last', ms });
  });
});

describe('a period', () => {
  it.each([
    ['today', 'day'],
    ['this week', 'week'],
    ['This month', 'month'],
  ])('%s', (text, unit) => {
    expect(read(text)).toEqual({ kind: 'this', unit, timezone: 'Test/Ahead' });
  });

  it.each([
    ['yesterday', '2026-11-29T00:00', '2026-11-30T00:00'],
    ['previous week', '2026-11-23T00:00', '2026-11-30T00:00'],
    ['previous month', '2026-10-01T00:00', '2026-11-01T00:00'],
    ['2026-11-29', '2026-11-29T00:00', '2026-11-30T00:00'],
    ['29 Nov', '2026-11-29T00:00', '2026-11-30T00:00'],
    ['Dec 24', '2025-12-24T00:00', '2025-12-25T00:00'],
    ['2026-02', '2026-02-01T00:00', '2026-03-01T00:00'],
  ])('%s', (text, from, to) => {
    expect(read(text)).toEqual({ kind: 'between', from: at(from), to: at(to) });
  });
});

describe('two times', () => {
  it.each([
    ['2026-11-29 14:00 – 14:30', '2026-11-29T14:00', '2026-11-29T14:30'],
    ['2026-11-29 14:00 - 14:30', '2026-11-29T14:00', '2026-11-29T14:30'],
    ['2026-11-29 14:00-14:30', '2026-11-29T14:00', '2026-11-29T14:30'],
    ['14:00-14:30:15', '2026-11-30T14:00', '2026-11-30T14:30:15'],
    // What is still to come today was yesterday.
    ['16:00 – 17:00', '2026-11-29T16:00', '2026-11-29T17:00'],
    ['22:00 to 3:00', '2026-11-29T22:00', '2026-11-30T03:00'],
    ['29 Nov 22:00 – 30 Nov 03:00', '2026-11-29T22:00', '2026-11-30T03:00'],
    ['2026-11-29T14:00:00Z/2026-11-29T14:30:00Z', '2026-11-29T16:00', '2026-11-29T16:30'],
    ['2026-11-29T14:00:00+02:00 to 2026-11-29T14:30:00+02:00', '2026-11-29T14:00', '2026-11-29T14:30'],
    ['2026-11-01 – 2026-11-07', '2026-11-01T00:00', '2026-11-08T00:00'],
    ['yesterday 9:00 until today 9:00', '2026-11-29T09:00', '2026-11-30T09:00'],
    ['since 14:00', '2026-11-30T14:00', '2026-11-30T15:30'],
    ['14:00 .. now', '2026-11-30T14:00', '2026-11-30T15:30'],
  ])('%s', (text, from, to) => {
    expect(read(text)).toEqual({ kind: 'between', from: at(from), to: at(to) });
  });
});

describe('what is no range', () => {
  it.each([
    ['', /^Write a range such as/],
    ['soon', /^“soon” is no range\. Write “last 3 days”/],
    ['3 apples', /is no range/],
    ['2026-02-30', /is no range/],
    ['14:00', /^That is one time\. Write when it ends/],
    ['2026-11-29 14:00 – teatime', /^“teatime” is no time/],
    ['25:10 – 26:00', /^“25:10” is no time/],
    ['2026-11-29 14:00 – 2026-11-29 13:00', /^The end is not after the start/],
    ['2027-01-01 – 2027-01-02', /future/],
    ['200 years', /from 2 seconds to 10 years/],
  ])('%s', (text, message) => {
    expect(read(text)).toMatch(message);
  });

  it('is answered, never thrown at', () => {
    const words = fc.constantFrom(
      'last',
      '3',
      'days',
      '–',
      '-',
      '14:00',
      '2026-11-29',
      'nov',
      't',
      'z',
      '+02:00',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 6 }).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(text, (typed) => {
        const got = parseRange(typed, NOW, CALENDAR);
        if ('message' in got) return got.message.length > 0;
        if (got.range.kind === 'between') return got.range.from < got.range.to && got.range.from < NOW;
        return got.range.kind === 'this' || got.range.ms > 0;
      }),
    );
  });
});
