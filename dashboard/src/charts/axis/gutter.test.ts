import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gutterOf } from './gutter.ts';

it('leaves the plot at least half of any panel, in whole steps, and never less room in a wider one', () => {
  const width = fc.integer({ min: 16, max: 4_000 });
  fc.assert(
    fc.property(width, fc.nat({ max: 100 }), (narrow, more) => {
      const gutter = gutterOf(narrow);
      expect(gutter).toBeLessThanOrEqual(narrow / 2);
      expect(gutter % 4).toBe(0);
      expect(gutterOf(narrow + more)).toBeGreaterThanOrEqual(gutter);
    }),
  );
});

it.each([
  [240, 92],
  [374, 112],
  [540, 132],
  [1_384, 200],
])('of a panel %d px wide takes %d px', (width, gutter) => {
  expect(gutterOf(width)).toBe(gutter);
});
