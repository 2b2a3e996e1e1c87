import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTimeTicks } from './time-ticks.ts';

const NOON = Date.UTC(2026, 10, 23, 12);
const M = 60_000;

it('labels round clock times, one per 80 px at most', () => {
  const { step, major, minor } = buildTimeTicks(NOON - 15 * M + 11_000, NOON + 11_000, 420);
  expect(step).toBe(5 * M);
  expect(major.map((t) => (t - NOON) / M)).toEqual([-10, -5, 0]);
  expect(minor).toHaveLength(15);
});

it('keeps days on local midnights', () => {
  const zone = 5.5 * 3_600_000;
  const { step, major } = buildTimeTicks(NOON - 30 * 86_400_000, NOON, 600, () => zone);
  expect(step).toBe(7 * 86_400_000);
  for (const t of major) expect((t + zone) % 86_400_000).toBe(0);
});

it('keeps days on local midnights where the clocks change on the way', () => {
  const change = Date.UTC(2026, 9, 25, 1);
  const zoneAt = (t: number): number => (t < change ? 2 : 1) * 3_600_000;
  const { major, minor } = buildTimeTicks(change - 6 * 86_400_000, change + 6 * 86_400_000, 1_200, zoneAt);
  expect(major.length).toBeGreaterThan(10);
  for (const t of major) expect((t + zoneAt(t)) % 86_400_000).toBe(0);
  expect(new Set(minor).size).toBe(minor.length);
  expect([...minor].sort((a, b) => a - b)).toEqual(minor);
});

/** Distance of a zone's clocks from UTC, ms. */
function zoneOf(timeZone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (time) => {
    const name = format.formatToParts(time).find((part) => part.type === 'timeZoneName')!.value;
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d+):(\d+))?/.exec(name)!;
    return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * M;
  };
}
const H = 60 * M;
const D = 24 * H;
const labelsOf = (ticks: number[], zoneAt: (t: number) => number): string[] =>
  ticks.map((t) => new Date(t + zoneAt(t)).toISOString().slice(5, 16).replace('T', ' '));

it('skips an hour that the clocks skip, and labels one twice that they show twice', () => {
  const berlin = zoneOf('Europe/Berlin');
  const spring = Date.UTC(2026, 2, 29, 1);
  expect(labelsOf(buildTimeTicks(spring - 90 * M, spring + 90 * M, 320, berlin).major, berlin)).toEqual([
    '03-29 01:00',
    '03-29 03:00',
    '03-29 04:00',
  ]);
  const autumn = Date.UTC(2026, 9, 25, 1);
  expect(labelsOf(buildTimeTicks(autumn - 90 * M, autumn + 90 * M, 320, berlin).major, berlin)).toEqual([
    '10-25 02:00',
    '10-25 02:00',
    '10-25 03:00',
  ]);
});

it('labels a day at its first moment where its midnight is skipped', () => {
  const santiago = zoneOf('America/Santiago');
  const change = Date.UTC(2026, 8, 6, 4);
  const { step, major } = buildTimeTicks(change - 3.5 * D, change + 3.5 * D, 640, santiago);
  expect(step).toBe(D);
  expect(labelsOf(major, santiago)).toEqual([
    '09-03 00:00',
    '09-04 00:00',
    '09-05 00:00',
    '09-06 01:00',
    '09-07 00:00',
    '09-08 00:00',
    '09-09 00:00',
  ]);
});

it('rises, and misses and repeats no day, in any zone and at any range', () => {
  const zones = [
    'Europe/Berlin',
    'America/Santiago',
    'Australia/Lord_Howe',
    'America/Havana',
    'Asia/Kathmandu',
  ];
  const zoneAts = new Map(zones.map((zone) => [zone, zoneOf(zone)]));
  const range = fc.constantFrom(H, 3 * H, 12 * H, D, 7 * D, 30 * D);
  // Most of the year has no change of the clocks: half of the ranges are around one.
  const change = fc.constantFrom(Date.UTC(2026, 9, 25, 1), Date.UTC(2026, 3, 5, 3), Date.UTC(2026, 2, 29, 1));
  const end = fc.oneof(
    fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }),
    fc.tuple(change, fc.integer({ min: -D, max: D })).map(([at, by]) => at + by),
  );
  fc.assert(
    fc.property(fc.constantFrom(...zones), range, end, (zone, length, to) => {
      const zoneAt = zoneAts.get(zone)!;
      const { step, major, minor } = buildTimeTicks(to - length, to, 600, zoneAt);
      for (const ticks of [major, minor]) {
        for (let i = 1; i < ticks.length; i++) expect(ticks[i]).toBeGreaterThan(ticks[i - 1]!);
      }
      if (step !== D) return;
      const days = labelsOf(major, zoneAt).map((label) => label.slice(0, 5));
      const first = Math.floor((major[0]! + zoneAt(major[0]!)) / D);
      expect(days).toEqual(days.map((_, i) => new Date((first + i) * D).toISOString().slice(5, 10)));
    }),
  );
});

describe('ticks of a year', () => {
  const DAY = 86_400_000;
  // Two hours ahead from 29 March to 25 October 2026, one before and after.
  const change = [Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1)] as const;
  const zoneAt = (t: number): number => (t >= change[0] && t < change[1] ? 2 : 1) * 3_600_000;
  const from = Date.UTC(2026, 0, 10);

  it('are the beginnings of months in local time, with room between labels', () => {
    const { major, minor } = buildTimeTicks(from, from + 365 * DAY, 500, zoneAt);
    const local = (t: number): string => new Date(t + zoneAt(t)).toISOString();
    expect(minor).toHaveLength(12);
    expect(minor.map(local).every((text) => text.endsWith('-01T00:00:00.000Z'))).toBe(true);
    expect(major.map((t) => local(t).slice(0, 7))).toEqual([
      '2026-03',
      '2026-05',
      '2026-07',
      '2026-09',
      '2026-11',
      '2027-01',
    ]);
  });

  it('are years where there is no room for months', () => {
    const { major } = buildTimeTicks(from, from + 3_650 * DAY, 500, zoneAt);
    expect(major.map((t) => new Date(t + zoneAt(t)).getUTCFullYear())).toEqual([
      2028, 2030, 2032, 2034, 2036,
    ]);
  });
});
