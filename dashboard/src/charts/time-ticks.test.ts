import { expect, it } from 'vitest';
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
