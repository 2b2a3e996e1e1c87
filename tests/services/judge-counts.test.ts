import { expect, it } from 'vitest';
import { emptyContents, type ViewContents } from '#contracts/view/frame.ts';
import { judgeCounts } from './judge-counts.ts';

/** One shop, `a`, with counts by window. */
const showing = (counts: Record<number, number>, start = 0): ViewContents => {
  const cells = new Map(Object.entries(counts).map(([window, count]) => [Number(window), [count]]));
  return { ...emptyContents(), start, series: new Map([[0, { group: ['a'], cells }]]) };
};
const atMost = (most: number) => ({ sent: () => most });

it('takes counts that grow up to what was sent', () => {
  const held = new Map<string, number>();
  expect(judgeCounts(showing({ 1000: 3 }), held, atMost(5))).toEqual([]);
  expect(judgeCounts(showing({ 1000: 5, 2000: 1 }), held, atMost(5))).toEqual([]);
});

it('reports a count that went back, and one that is gone', () => {
  const held = new Map<string, number>();
  judgeCounts(showing({ 1000: 3, 2000: 2 }), held, atMost(5));
  expect(judgeCounts(showing({ 1000: 2 }), held, atMost(5))).toEqual([
    'a|1000 went from 3 back to 2',
    'a|2000 went from 2 back to 0',
  ]);
});

it('does not miss what has left the range', () => {
  const held = new Map<string, number>();
  judgeCounts(showing({ 1000: 3, 2000: 2 }), held, atMost(5));
  expect(judgeCounts(showing({ 2000: 2 }, 2000), held, atMost(5))).toEqual([]);
});

it('reports a count above what was sent', () => {
  expect(judgeCounts(showing({ 1000: 6 }), new Map(), atMost(5))).toEqual(['a|1000 shows 6 of 5 sent']);
});
