import { describe, expect, it } from 'vitest';
import { formatDelta } from './delta.ts';

const usual = { mean: 100, deviation: 5 };

describe('a delta', () => {
  it('has a sign, a direction and a size in per cent', () => {
    expect(formatDelta(104.2, usual, '', null)).toEqual({ up: true, text: '+4.2 %', adverse: false });
    expect(formatDelta(85.2, usual, '', null)).toEqual({ up: false, text: '−14.8 %', adverse: false });
  });

  it('is adverse only in the bad direction and beyond ordinary variation', () => {
    expect(formatDelta(120, usual, 'ms', 'lower')?.adverse).toBe(true);
    expect(formatDelta(120, usual, 'ms', 'higher')?.adverse).toBe(false);
    expect(formatDelta(108, usual, 'ms', 'lower')?.adverse).toBe(false);
    expect(formatDelta(80, usual, '', 'higher')?.adverse).toBe(true);
  });

  it('of percentages is in points', () => {
    expect(formatDelta(2.9, { mean: 3.28, deviation: 1 }, '%', null)?.text).toBe('−0.38 pp');
  });

  it('is left out where there is nothing to compare with', () => {
    expect(formatDelta(null, usual, '', null)).toBeNull();
    expect(formatDelta(1, null, '', null)).toBeNull();
    expect(formatDelta(1, { mean: 0, deviation: 0 }, '', null)).toBeNull();
  });
});
