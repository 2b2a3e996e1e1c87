import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNumberFormat } from './format-number.ts';

const { fixed, figure: formatFigure, ticks: formatTicks, value: formatValue } = createNumberFormat('comma');

const text = (value: number | null, unit = ''): string => {
  const { prefix, text: figure, suffix } = formatFigure(value, unit);
  return [prefix, figure, suffix].filter(Boolean).join(' ');
};

describe('a figure', () => {
  it.each([
    [173, '', '173'],
    [3120, '', '3,120'],
    [218_400, '', '218.4 k'],
    [36_800, '', '36.8 k'],
    [2_500_000, '', '2.50 M'],
    [505, 'ms', '505 ms'],
    [1240, 'ms', '1.24 s'],
    [999.6, 'ms', '1.00 s'],
    [74.42, '€', '€ 74.4'],
    [218_400, '€', '€ 218.4 k'],
    [2.914, '%', '2.91 %'],
    [33.41, '%', '33.4 %'],
    [0, '', '0'],
    [-14.8, '', '−14.8'],
    [0.0123, '', '0.0123'],
    [12, '/min', '12 /min'],
  ])('%d %s reads %s', (value, unit, wanted) => {
    expect(text(value, unit)).toBe(wanted);
  });

  it('no value is a dash, never a zero', () => {
    expect(text(null, 'ms')).toBe('–');
    expect(text(Number.NaN)).toBe('–');
    expect(formatValue(null, 'ms')).toBe('–');
  });

  it('has at most four figures', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 9.9e13, noNaN: true }), (value) => {
        const digits = formatFigure(value, '')
          .text.replace(/^0\.0*/, '')
          .replace(/\D/g, '');
        expect(digits.length).toBeLessThanOrEqual(Number.isInteger(value) && value < 10_000 ? 4 : 5);
      }),
    );
  });
});

describe('fixed', () => {
  it('groups by comma and uses the true minus', () => {
    expect(fixed(-1_234_567.891, 1)).toBe('−1,234,567.9');
    expect(fixed(-0.001, 1)).toBe('0.0');
  });
});

describe('ticks', () => {
  it('share one scale letter and the decimals of their step', () => {
    expect(formatTicks([0, 200, 400])).toEqual(['0', '200', '400']);
    expect(formatTicks([0, 0.5, 1])).toEqual(['0', '0.5', '1.0']);
    expect(formatTicks([0, 20_000, 40_000])).toEqual(['0', '20 k', '40 k']);
    expect(formatTicks([-10, 0, 10])).toEqual(['−10', '0', '10']);
  });
});

it('stays short far beyond what people count', () => {
  expect(formatValue(4.2e15)).toBe('4.20 P');
  expect(formatValue(-3.456e18)).toBe('−3.46 E');
  expect(formatValue(1.25e300)).toBe('1.3e300');
  expect(formatValue(-4e-9)).toBe('−4.0e−9');
  expect(formatTicks([0, 5e23, 1e24])).toEqual(['0', '5.0e23', '1.0e24']);
  expect(formatTicks([0, 1e-9, 2e-9])).toEqual(['0', '1.0e−9', '2.0e−9']);
});

it('has the figures that the ticks beside it need', () => {
  expect(formatValue(1795428063004, '', 5)).toBe('1,795,428,063,004');
  expect(formatValue(1e15 + 1, '', 1)).toBe('1,000,000,000,000,001');
  expect(formatValue(9_995, '', 5)).toBe('9,995');
  expect(formatValue(95.31, '', 2)).toBe('95.3');
  expect(formatValue(1.796e308, '', 5e306)).toBe('1.80e308');
  expect(formatValue(1.793e308, '', 1e305)).toBe('1.793e308');
});

it('reads as another value two ticks away, whatever the size', () => {
  const any = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(any, fc.integer({ min: 1, max: 1_000 }), (value, share) => {
      const step = Math.abs(value) / share;
      fc.pre(step > 1e-300 && Number.isFinite(value + 2 * step));
      expect(formatValue(value, '', step)).not.toBe(formatValue(value + 2 * step, '', step));
    }),
  );
});

it('stays as short as a figure can be, for any double and unit', () => {
  const any = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(any, fc.constantFrom('', 'ms', '%', '€', '/min', 'k'), (value, unit) => {
      const { text: figure } = formatFigure(value, unit);
      expect(figure).toMatch(/^−?[\d,]+(\.\d+)?(e−?\d+)?$/);
      expect(figure.length).toBeLessThanOrEqual(['%', 'k', 'ms'].includes(unit) ? 30 : 13);
    }),
  );
});

it('marks numbers as a reader likes them', () => {
  const [point, space] = [createNumberFormat('point'), createNumberFormat('space')];
  expect([point.fixed(-1_234_567.891, 2), space.fixed(1_234.5, 1)]).toEqual([
    '−1.234.567,89',
    '1\u00a0234,5',
  ]);
  expect([point.value(21_840), point.figure(1.5e-9, '').text]).toEqual(['21,8 k', '1,5e−9']);
  expect(point.ticks([0, 2_500, 5_000])).toEqual(['0', '2.500', '5.000']);
});
