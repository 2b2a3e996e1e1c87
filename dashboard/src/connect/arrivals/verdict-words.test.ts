import { describe, expect, it } from 'vitest';
import type { EventVerdict, MetricVerdict } from '#contracts/metric/verdict.ts';
import { type VerdictWord, verdictWords } from './verdict-words.ts';

const metric = (outcome: MetricVerdict['outcome'], more: Partial<MetricVerdict> = {}): MetricVerdict => ({
  ...{ metric: 'orders', version: 1, outcome },
  ...more,
});
const verdict = (metrics: MetricVerdict[], more: Partial<EventVerdict> = {}): EventVerdict => ({
  ...{ event: 'order', position: null, partition: null, metrics },
  ...more,
});
const BUILT_IN = metric('counted', { metric: '$events' });

describe('the verdict in one word', () => {
  it.each<[VerdictWord, MetricVerdict[], RegExp, RegExp | null]>([
    ['counted', [metric('counted')], /In orders/, null],
    ['counted', [metric('counted'), metric('late', { metric: 'revenue' })], /In orders/, /revenue: late/],
    ['late', [metric('late', { by: 61_000 })], /1 min 1 s later than orders/, /lateness/],
    [
      'skipped',
      [metric('skipped', { field: 'amount', expected: 'a number', found: 'text' })],
      /amount as a number, and it is text/,
      /without quotes/,
    ],
    ['skipped', [metric('absent', { field: 'amount' })], /no value/, /Send amount/],
    ['too old', [metric('before')], /older than orders/, /back-fill/],
    ['filtered', [metric('no_match', { condition: 'country = DE' })], /country = DE/, /filter of orders/],
    [
      'no metric',
      [metric('no_match', { expected: 'checkout' })],
      /counts order\. Metrics count checkout/,
      /Make/,
    ],
    ['no metric', [], /No metric counts order\.$/, /Make a metric/],
    ['duplicate', [metric('duplicate')], /came before/, /id of its own/],
  ])('is %s', (word, metrics, text, fix) => {
    const words = verdictWords(verdict([BUILT_IN, ...metrics]));
    expect(words.word).toBe(word);
    expect(words.text).toMatch(text);
    if (fix === null) expect(words.fix).toBeNull();
    else expect(words.fix).toMatch(fix);
  });

  it('is what keeps most from counting, where no metric counts it', () => {
    const names = metric('no_match', { metric: 'visits', expected: 'visit' });
    expect(verdictWords(verdict([names, metric('late', { by: 5 })])).word).toBe('late');
    expect(verdictWords(verdict([names, metric('no_match', { condition: 'a = b' })])).word).toBe('filtered');
  });

  it('is of the event before it is of metrics', () => {
    const rejected = { code: 'missing_field', message: 'event: every event needs its name.' } as const;
    expect(verdictWords(verdict([], { rejected }))).toMatchObject({
      word: 'rejected',
      text: rejected.message,
    });
    const duplicate = { partition: 0, offset: 1, index: 2 };
    expect(verdictWords(verdict([metric('counted')], { duplicate, id: 'order-1' }))).toMatchObject({
      word: 'duplicate',
      text: expect.stringContaining('order-1'),
    });
  });
});
