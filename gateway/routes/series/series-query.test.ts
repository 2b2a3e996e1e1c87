import { expect, test } from 'vitest';
import { readSeriesQuery } from './series-query.ts';

test.each([
  ['country,plan', ['country', 'plan']],
  ['', []],
  ['["a,b","c"]', ['a,b', 'c']],
  ['[a],b', ['[a]', 'b']],
  ['[1]', ['[1]']],
  [
    ['country', '["a,b"]'],
    ['country', 'a,b'],
  ],
])('groupBy=%j names %j', (groupBy, names) => {
  expect(readSeriesQuery('m', { groupBy })).toMatchObject({
    ok: true,
    value: { request: { groupBy: names } },
  });
});
