import { expect, it } from 'vitest';
import { createNameCounts } from './name-counts.ts';

it('counts each name and all of them, and knows none of a name once they are gone', () => {
  const counts = createNameCounts();
  counts.add('a', 2);
  counts.add('constructor', 1);
  expect([counts.of('a'), counts.of('constructor'), counts.of('b'), counts.all]).toEqual([2, 1, 0, 3]);
  counts.add('a', -2);
  expect([counts.of('a'), counts.all]).toEqual([0, 1]);
});
