import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRing } from './ring.ts';

it('holds the newest values by their absolute number, as a map cut to the capacity would', () => {
  const write = fc.record({ index: fc.integer({ min: 0, max: 60 }), value: fc.integer() });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.array(write), (capacity, writes) => {
      const ring = createRing(capacity);
      const model = new Map<number, number>();
      let newest = -1;
      for (const { index, value } of writes) {
        ring.set(index, value);
        newest = Math.max(newest, index);
        if (index > newest - capacity) model.set(index, value);
        for (const key of model.keys()) if (key <= newest - capacity) model.delete(key);
      }
      for (let i = 0; i <= 62; i++) expect(ring.get(i)).toBe(model.get(i) ?? Number.NaN);
    }),
  );
});

it('forgets everything when cleared', () => {
  const ring = createRing(4);
  ring.set(1_000_000_000, 5);
  ring.clear();
  expect(ring.get(1_000_000_000)).toBeNaN();
});
