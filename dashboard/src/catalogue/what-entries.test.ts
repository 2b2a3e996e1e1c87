import { expect, it } from 'vitest';
import { parseAggregate } from '#contracts/metric/aggregate-call.ts';
import { offerWhat, sayWhat, takeProperty, takeWhat } from './what-entries.ts';

it('says an aggregate with a word of ours and its property', () => {
  expect(sayWhat('count')).toMatchObject({ word: 'count', ours: true, property: null });
  expect(sayWhat('quantiles(amount, 0.99)')).toMatchObject({
    word: 'p99',
    property: 'amount',
    needs: 'number',
  });
  expect(sayWhat('quantiles(amount, 0.5, 0.95, 0.99)')).toMatchObject({ word: 'p50, p95, p99' });
  expect(sayWhat('quantiles(amount, 0.25, 0.75)')).toMatchObject({ word: 'p25, p75', ours: true });
  expect(sayWhat('distinct($key)')).toMatchObject({ word: 'distinct', property: '$key', needs: 'text' });
  expect(sayWhat('sum(…)')).toMatchObject({ word: 'sum', property: '' });
});

it('says what is more than a word and a property as it is written', () => {
  for (const call of [
    'share(plan = pro)',
    'funnel(30m, a = 1, b = 2)',
    'increase(total, 10m)',
    'histogram(x, 1, 2)',
  ])
    expect(sayWhat(call)).toEqual({ word: call, ours: false, property: null, needs: 'nothing' });
});

it('keeps the property from one aggregate to the next, where it reads one', () => {
  expect(takeWhat('p95', 'sum(amount)')).toBe('quantiles(amount, 0.95)');
  expect(takeWhat('count', 'sum(amount)')).toBe('count');
  expect(takeWhat('sum', 'count')).toBe('sum(…)');
  expect(takeProperty('Price (EUR)', 'sum(…)')).toBe('sum("Price (EUR)")');
  expect(takeProperty('b', 'quantiles(a, 0.5, 0.95)')).toBe('quantiles(b, 0.5, 0.95)');
});

it('offers words whose aggregates can be read', () => {
  for (const { text, goesOn } of offerWhat('').entries)
    if (goesOn === undefined) expect(parseAggregate(takeWhat(text, 'sum(x)')).ok, text).toBe(true);
});

it('takes a call that is written out, closed or not, and says what is wrong with another', () => {
  expect(offerWhat('share(plan = pro').entries).toMatchObject([{ text: 'share(plan = pro)' }]);
  expect(offerWhat('funnel(30m, page = /cart, page = /paid)').entries).toHaveLength(1);
  expect(offerWhat('share(plan ==').fault).toContain('one "="');
  expect(offerWhat('zzzz').fault).toBe('There is no aggregate zzzz.');
});
