import { describe, expect, it } from 'vitest';
import { formatAge, formatDelay, formatSpan } from './format-duration.ts';

describe('durations', () => {
  it.each([
    [300, '0.3 s'],
    [-50, '0.0 s'],
    [41_000, '41 s'],
    [200_000, '3 min'],
    [7_300_000, '2 h'],
    [300_000_000, '3 d'],
  ])('an age of %d ms reads %s', (ms, wanted) => {
    expect(formatAge(ms)).toBe(wanted);
  });

  it.each([
    [12_000, '12 s'],
    [130_000, '2 min 10 s'],
    [900_000, '15 min'],
    [3_600_000, '1 h'],
    [3_900_000, '1 h 5 min'],
    [604_800_000, '7 d'],
    [31_536_000_000, '1 y'],
  ])('a span of %d ms reads %s', (ms, wanted) => {
    expect(formatSpan(ms)).toBe(wanted);
  });

  it('a delay changes to seconds at a thousand', () => {
    expect([formatDelay(184.4), formatDelay(999.4), formatDelay(1_240)]).toEqual([
      '184 ms',
      '999 ms',
      '1.24 s',
    ]);
  });
});
