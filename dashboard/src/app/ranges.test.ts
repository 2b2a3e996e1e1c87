import { expect, it } from 'vitest';
import { RANGES, windowFor } from './ranges.ts';

it('keeps the window of the panel while the range has room for it', () => {
  expect(windowFor(10_000, 900_000, 450)).toBe(10_000);
});

it('takes a round multiple of it for longer ranges, never more windows than there is room for', () => {
  for (const range of RANGES)
    for (const own of [1_000, 10_000, 30_000, 60_000, 7_000, 86_400_000]) {
      const window = windowFor(own, range, 450);
      expect(window % own).toBe(0);
      expect(range / window).toBeLessThanOrEqual(450);
    }
  expect(windowFor(10_000, 12 * 3_600_000, 450)).toBe(120_000);
});
