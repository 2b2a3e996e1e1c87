import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Entry, findEntries, firstChoice, stepTo } from './entry.ts';

const ENTRIES: Entry[] = [
  { text: 'page_viewed' },
  { text: 'checkout', refused: 'needs a number' },
  { text: 'checkout_paid' },
];

it('keeps the order of what fits equally, and puts first what fits better', () => {
  expect(findEntries(ENTRIES, '').map(({ text }) => text)).toEqual([
    'page_viewed',
    'checkout',
    'checkout_paid',
  ]);
  expect(findEntries(ENTRIES, 'paid')[0]).toEqual({ text: 'checkout_paid' });
  expect(findEntries(ENTRIES, 'p')[0]).toEqual({ text: 'page_viewed' });
  expect(findEntries(ENTRIES, 'zz')).toEqual([]);
});

it('chooses first what the slot says, else what can be chosen', () => {
  expect(firstChoice(ENTRIES, 'checkout_paid')).toBe(2);
  expect(firstChoice(ENTRIES, 'checkout')).toBe(0);
  expect(firstChoice([{ text: 'a', refused: 'no' }], '')).toBe(-1);
});

it('steps through all lines and round, in both directions', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.constantFrom(1 as const, -1 as const), (length, by) => {
      const entries = Array.from({ length }, (_, i) => ({ text: String(i) }));
      const seen = new Set<number>();
      let at = -1;
      for (let i = 0; i < length; i++) {
        at = stepTo(entries, at, by);
        seen.add(at);
      }
      expect(seen.size).toBe(length);
      expect(stepTo(entries, at, by)).toBe(by === 1 ? 0 : length - 1);
    }),
  );
  expect(stepTo([], -1, 1)).toBe(-1);
});
