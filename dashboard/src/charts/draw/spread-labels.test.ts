import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spreadLabels } from './spread-labels.ts';

it('leaves labels alone that are far enough apart', () => {
  expect(spreadLabels([10, 50, 90], 13, 0, 100)).toEqual([10, 50, 90]);
});

it('pushes two labels on one spot apart evenly', () => {
  expect(spreadLabels([50, 50], 13, 0, 100)).toEqual([44, 57]);
});

it('keeps order, distance and bounds wherever there is room', () => {
  const wanted = fc.array(fc.double({ min: -20, max: 220, noNaN: true }), { minLength: 1, maxLength: 14 });
  fc.assert(
    fc.property(wanted, (ys) => {
      const places = spreadLabels(ys, 13, 4, 200);
      const order = ys.map((_, i) => i).sort((a, b) => ys[a]! - ys[b]! || a - b);
      for (let k = 1; k < order.length; k++)
        expect(places[order[k]!]! - places[order[k - 1]!]!).toBeGreaterThanOrEqual(13);
      for (const y of places) {
        expect(y).toBeGreaterThanOrEqual(4);
        expect(y).toBeLessThanOrEqual(200);
      }
    }),
  );
});
