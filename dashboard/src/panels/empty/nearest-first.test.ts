import { expect, it } from 'vitest';
import { nearestFirst } from './nearest-first.ts';

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
