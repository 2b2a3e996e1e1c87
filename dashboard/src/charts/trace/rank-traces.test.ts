import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rankTraces, type Weighed } from './rank-traces.ts';

const weighed = (weights: Record<string, number>): Weighed[] =>
  Object.entries(weights).map(([key, weight]) => ({ key, weight }));

it('puts the heaviest first, equal ones as they come', () => {
  expect(rankTraces(weighed({ a: 1, b: 5, c: 1, d: 9 }), [], 3)).toEqual(['d', 'b', 'a']);
});

it('keeps the order of two that are alike, and changes it when one outweighs the other clearly', () => {
  expect(rankTraces(weighed({ a: 10, b: 12 }), ['a', 'b'], 8)).toEqual(['a', 'b']);
  expect(rankTraces(weighed({ a: 10, b: 13 }), ['a', 'b'], 8)).toEqual(['b', 'a']);
});

it('keeps the place of a member until one outside outweighs it clearly', () => {
  expect(rankTraces(weighed({ a: 20, b: 10, c: 12 }), ['a', 'b'], 2)).toEqual(['a', 'b']);
  expect(rankTraces(weighed({ a: 20, b: 10, c: 13 }), ['a', 'b'], 2)).toEqual(['a', 'c']);
});

it('fills the place of one that has gone', () => {
  expect(rankTraces(weighed({ b: 10, c: 12, d: 1 }), ['a', 'b'], 2)).toEqual(['c', 'b']);
});

it('does not answer otherwise when asked again with the same weights', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 });
  fc.assert(
    fc.property(weights, weights, (first, second) => {
      const all = (list: number[]): Weighed[] => list.map((weight, i) => ({ key: `${i}`, weight }));
      const once = rankTraces(all(second), rankTraces(all(first), [], 8), 8);
      expect(rankTraces(all(second), once, 8)).toEqual(once);
      expect(new Set(once).size).toBe(Math.min(8, second.length));
      const outside = all(second).filter(({ key }) => !once.includes(key));
      const least = Math.min(...once.map((key) => second[Number(key)]!));
      for (const { weight } of outside) expect(weight).toBeLessThanOrEqual(least * 1.25);
    }),
  );
});
