import fc from 'fast-check';
import { expect, it } from 'vitest';
import { meanOf } from './mean.ts';

it('lies among its values, whatever their size', () => {
  const any = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.array(any, { minLength: 1 }), (values) => {
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const slack = Math.max(Math.abs(low), Math.abs(high)) * 1e-12;
      expect(meanOf(values)).toBeGreaterThanOrEqual(low - slack);
      expect(meanOf(values)).toBeLessThanOrEqual(high + slack);
    }),
  );
});

it('of nothing is no number', () => {
  expect(meanOf([])).toBeNaN();
});
