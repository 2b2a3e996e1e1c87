import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '#contracts/text/duration.ts';
import { every, type Sample, times, useStoredMetric, valuesOf } from './testing/stored-metric.ts';

/* Days and hours as calendars and clocks have them, and windows that overlap; numbers that were worked out by hand. */

const { store, ask } = useStoredMetric();

const calendar = (unit: string, timezone: string) => ({ calendar: unit, timezone });
const range = (from: number, to: number) => ({ from: String(from), to: String(to) });

describe('case 7: one event a minute through a day on which the clocks change', () => {
  // The day's begin and end in UTC, and the minutes between.
  it.each([
    ['Europe/Berlin', '2026-10-24T22:00Z', '2026-10-25T23:00Z', 1_500],
    ['Europe/Berlin', '2027-03-27T23:00Z', '2027-03-28T22:00Z', 1_380],
    ['America/New_York', '2026-11-01T04:00Z', '2026-11-02T05:00Z', 1_500],
    ['Australia/Lord_Howe', '2026-10-03T13:30Z', '2026-10-04T13:00Z', 1_410],
  ])('in %s from %s to %s: %d', async (timezone, begin, end, minutes) => {
    const [from, to] = [Date.parse(begin), Date.parse(end)];
    // The days before and after are as busy, and take no part.
    await store(
      { aggregate: 'count', pane: '1m', window: '1m' },
      every(MINUTE, from - DAY, to + DAY),
      to + DAY,
    );
    const day = await ask({ ...range(from, to), window: calendar('day', timezone) });
    expect([day.panes, valuesOf(day)]).toEqual([[from], [minutes]]);
  });

  it.each([
    ['2026-10-24T22:00Z', 25, ['02:00', '02:00']],
    ['2027-03-27T23:00Z', 23, []],
  ])('in Berlin from %s by the hour: %d windows of 60', async (begin, hours, twos) => {
    const from = Date.parse(begin);
    const to = from + hours * HOUR;
    await store({ aggregate: 'count', pane: '1m', window: '1m' }, every(MINUTE, from, to), to);
    const answer = await ask({ ...range(from, to), window: calendar('hour', 'Europe/Berlin') });
    expect(valuesOf(answer)).toEqual(new Array(hours).fill(60));
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', timeStyle: 'short' });
    const labels = answer.panes.map((start) => clock.format(start));
    expect(labels.filter((label) => label === '02:00')).toEqual(twos);
  });
});

describe('case 8: a day in Kathmandu, which is 5 h 45 min ahead', () => {
  const begin = Date.parse('2026-10-31T18:15Z');
  const day = { ...range(begin, begin + DAY), window: calendar('day', 'Asia/Kathmandu') };
  const samples: Sample[] = [[begin - 1], [begin], [begin + DAY - 1], [begin + DAY]];

  it('is exact with panes of 15 minutes', async () => {
    await store({ aggregate: 'count', pane: '15m', window: '15m' }, samples, begin + 2 * DAY);
    const answer = await ask(day);
    expect([answer.panes, valuesOf(answer)]).toEqual([[begin], [2]]);
  });

  it('is refused with panes of an hour, and told what would do', async () => {
    await store({ aggregate: 'count', pane: '1h', window: '1h' }, samples, begin + 2 * DAY);
    const refused = await ask(day).then(() => '', String);
    expect(refused).toContain('"invalid_view"');
    expect(refused).toContain('15m');
  });
});

describe('case 15: the last seven days beside the seven before', () => {
  it('have an event at the border in one of them, the later one', async () => {
    const now = Date.UTC(2026, 10, 23, 16);
    const samples = [
      ...times(1, now - 14 * DAY),
      ...times(2, now - 7 * DAY - 1),
      ...times(4, now - 7 * DAY),
      ...times(8, now - 1),
    ];
    await store({ aggregate: 'count' }, samples, now);
    const { compare, ...current } = await ask({
      ...range(now - 7 * DAY, now),
      window: 'whole',
      compare: 'previous',
    });
    expect([valuesOf(current), valuesOf(compare!)]).toEqual([[4 + 8], [1 + 2]]);
  });
});

describe('case 21: windows of 60 minutes every 40', () => {
  it('hold an event of 50 min twice and one of 65 min once', async () => {
    const zero = Math.ceil(Date.UTC(2026, 10, 23) / (40 * MINUTE)) * 40 * MINUTE;
    await store({ aggregate: 'count' }, [[zero + 50 * MINUTE], [zero + 65 * MINUTE]], zero + 3 * HOUR);
    const answer = await ask({
      ...range(zero, zero + 2 * HOUR),
      window: { size: '1h', every: '40m' },
    });
    const at = (minutes: number): number | null =>
      valuesOf(answer)[answer.panes.indexOf(zero + minutes * MINUTE)] ?? null;
    expect([at(0), at(40), at(80)]).toEqual([1, 2, 0]);
  });
});
