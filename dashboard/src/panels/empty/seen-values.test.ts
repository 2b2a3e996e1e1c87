import { expect, it } from 'vitest';
import { MISSING } from '#contracts/metric/dimension.ts';
import type { Series } from '#contracts/view/frame.ts';
import { nearestFirst, seenRequest, seenValues } from './seen-values.ts';

const contents = (groups: string[], empty: string[] = []) => ({
  series: new Map<number, Series>(
    [...groups, ...empty].map((group, i) => [
      i,
      { group: [group], cells: new Map(empty.includes(group) ? [] : [[0, [1]]]) },
    ]),
  ),
});

it('asks for every value of the dimension in the last hour, in few windows', () => {
  expect(seenRequest({ metric: 'orders', window: 10_000 }, 'region')).toEqual({
    metric: 'orders',
    groupBy: ['region'],
    window: 'auto',
    points: 60,
    range: '1h',
  });
});

it('asks for as much as one window where that is longer than an hour', () => {
  const day = seenRequest({ metric: 'orders', window: 86_400_000 }, 'region');
  expect(day).toMatchObject({ window: 'auto', range: '1d' });
});

it('names what looks like the wanted value first, in words, and how many more there are', () => {
  const seen = contents(['FR', 'US', 'EU', MISSING, 'APAC', 'DE', 'JP'], ['gone']);
  const { values, more } = seenValues(seen, ['EU-North']);
  expect(values[0]).toBe('EU');
  expect(values).toHaveLength(5);
  expect(values).not.toContain('gone');
  expect(more).toBe(2);
});

it('names a missing value in words, and leaves out the wanted value', () => {
  expect(seenValues(contents([MISSING, 'EU']), ['EU'])).toEqual({ values: ['none'], more: 0 });
  expect(seenValues(contents([]), ['EU'])).toEqual({ values: [], more: 0 });
});

it('puts the misspelled name first, then those that share a word, then the rest', () => {
  const seen = ['page_viewed', 'order_completed', 'refund_asked', 'refund_isued'];
  expect(nearestFirst('refund_issued', seen)).toEqual([
    'refund_isued',
    'refund_asked',
    'page_viewed',
    'order_completed',
  ]);
});

it('leaves out the name itself', () => {
  expect(nearestFirst('a', ['a'])).toEqual([]);
});
