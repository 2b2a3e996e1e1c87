import { expect, it } from 'vitest';
import { MISSING } from '#contracts/metric/dimension.ts';
import { FORMATS } from '../../../testing/usual-formats.ts';
import { nameOf } from '../../charts/trace/build-traces.ts';
import {
  dimensionLabel,
  isPlaceholder,
  othersLabel,
  shareText,
  spanLabel,
  summarizeList,
} from './list-labels.ts';

const at = new Date(2026, 10, 23, 14, 2, 10).getTime();
const span = { kind: 'closed' as const, from: at - 10_000, to: at, closed: at };

it('says which time the figures are of', () => {
  expect(spanLabel({ ...span, kind: 'sum' }, '15 min', FORMATS)).toBe('15 min');
  expect(spanLabel(span, '15 min', FORMATS)).toBe('10 s to 14:02:10');
  expect(spanLabel({ ...span, kind: 'open' }, '15 min', FORMATS)).toBe('open window of 10 s');
});

it('says how many others there are, as far as that is known', () => {
  expect(othersLabel({ count: 41, unnamed: false }, FORMATS)).toBe('41 others');
  expect(othersLabel({ count: 1, unnamed: false }, FORMATS)).toBe('1 other');
  expect(othersLabel({ count: 1_041, unnamed: true }, FORMATS)).toBe('1,041 or more others');
  expect(othersLabel({ count: 0, unnamed: true }, FORMATS)).toBe('others');
});

it('sums a list up in a sentence', () => {
  const row = { series: 0, key: '', changed: 0, still: 0, size: 1 };
  const ranking = {
    rows: [
      { ...row, group: ['/'], figures: [8_412], share: 0.299 },
      { ...row, group: [MISSING, 'DE'], figures: [Number.NaN], share: null },
    ],
    others: { ...row, count: 41, unnamed: false, figures: [441], share: 0.141 },
    groups: 43,
  };
  expect(summarizeList({ ranking, span: { ...span, kind: 'sum' }, range: '15 min' }, '', FORMATS)).toBe(
    '43 groups, 15 min. / 8,412 (29.9 %), none DE –, 41 others 441 (14.1 %).',
  );
  expect(shareText(null, FORMATS)).toBe('–');
});

it.each(['constructor', '__proto__', 'toString', 'none'])(
  'shows a value that is %s as it was sent',
  (value) => {
    expect([isPlaceholder(value), dimensionLabel(value), nameOf([value], 'count', 1)]).toEqual([
      false,
      value,
      value,
    ]);
  },
);

it.each([
  ['__missing__', 'none'],
  ['__other__', 'other'],
  ['', 'empty text'],
])('says %j in words', (value, words) => {
  expect([isPlaceholder(value), dimensionLabel(value)]).toEqual([true, words]);
});
