import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../testing/usual-formats.ts';
import { type Delta, formatDelta as format } from './format-delta.ts';

const formatDelta = (
  values: Parameters<typeof format>[0],
  unit: string,
  better: 'higher' | 'lower' | null,
): Delta | null => format(values, { unit, better }, FORMATS);

const from = (now: number | null, before: number | null = 100) => ({ now, before, error: 5 });

describe('a delta', () => {
  it('has a sign, a direction and a size in per cent', () => {
    expect(formatDelta(from(104.2), '', null)).toEqual({ up: true, text: '+4.2 %', adverse: false });
    expect(formatDelta(from(85.2), '', null)).toEqual({ up: false, text: '−14.8 %', adverse: false });
  });

  it('is adverse only in the bad direction and beyond ordinary variation', () => {
    expect(formatDelta(from(120), 'ms', 'lower')?.adverse).toBe(true);
    expect(formatDelta(from(120), 'ms', 'higher')?.adverse).toBe(false);
    expect(formatDelta(from(108), 'ms', 'lower')?.adverse).toBe(false);
    expect(formatDelta(from(80), '', 'higher')?.adverse).toBe(true);
    expect(formatDelta(from(80), '', null)?.adverse).toBe(false);
  });

  it('of percentages is in points', () => {
    expect(formatDelta(from(2.9, 3.28), '%', null)?.text).toBe('−0.38 pp');
    expect(formatDelta(from(2.9, 0), '%', null)?.text).toBe('+2.90 pp');
  });

  it('of any two doubles is a figure', () => {
    const any = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(any, any, fc.constantFrom('', '%'), (now, before, unit) => {
        const delta = formatDelta(from(now, before), unit, 'lower');
        if (delta !== null) expect(delta.text).toMatch(/^(new|(over )?[+−]?[\d,]+(\.\d+)? (%|pp))$/);
      }),
    );
    expect(formatDelta(from(1e300, 1e-300), '', null)?.text).toBe('over +999,999 %');
    expect(formatDelta(from(-Number.MAX_VALUE, Number.MAX_VALUE), '', null)?.text).toBe('−200.0 %');
  });

  it('of something upon nothing is new, and of nothing upon nothing none', () => {
    expect(formatDelta(from(5, 0), '', null)).toEqual({ up: true, text: 'new', adverse: false });
    expect(formatDelta(from(50, 0), '', 'lower')).toEqual({ up: true, text: 'new', adverse: true });
    expect(formatDelta(from(-5, 0), '€', null)).toMatchObject({ up: false, text: 'new' });
    expect(formatDelta(from(0, 0), '', 'higher')).toEqual({ up: true, text: '0 %', adverse: false });
    expect(formatDelta(from(0, 0), '%', 'higher')?.text).toBe('0.00 pp');
    expect(formatDelta(from(0, 5), '', 'higher')?.text).toBe('−100.0 %');
    expect(formatDelta(from(80, 100), '', null)?.text).toBe('−20.0 %');
  });

  it('is left out where there is nothing to compare with', () => {
    expect(formatDelta(from(null), '', null)).toBeNull();
    expect(formatDelta(from(1, null), '', null)).toBeNull();
    expect(formatDelta(from(Number.POSITIVE_INFINITY), '', null)).toBeNull();
  });
});
