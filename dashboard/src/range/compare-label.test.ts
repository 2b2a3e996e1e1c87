import { expect, it } from 'vitest';
import { compareLabel, earlierLabelOf } from './compare-label.ts';
import { between, last } from './page-range.ts';

const QUARTER = last(900_000);

it('names the range before by the range itself', () => {
  expect(compareLabel({ compare: 'previous' }, QUARTER)).toBe('prev 15 min');
  expect(compareLabel({}, QUARTER)).toBe('prev 15 min');
  expect(compareLabel({ compare: 'previous' }, between(0, 1_800_000))).toBe('30 min before');
  const days = { compare: 'previous', window: { calendar: 'day' } } as const;
  expect(compareLabel(days, between(0, 1_800_000))).toBe('range before');
  for (const [unit, label] of [
    ['day', 'yesterday'],
    ['month', 'last month'],
    ['year', 'last year'],
  ] as const)
    expect(compareLabel({ compare: 'previous' }, { kind: 'this', unit, timezone: 'UTC' })).toBe(label);
});

it('names any other by its distance', () => {
  expect(compareLabel({ compare: '7d' }, QUARTER)).toBe('7 d earlier');
  expect(compareLabel({ compare: { calendar: 'month' } }, QUARTER)).toBe('1 month earlier');
});

it('has one word for where there is little room', () => {
  expect(earlierLabelOf({ compare: 'previous' }, QUARTER)).toEqual({ label: 'prev 15 min', short: 'prev' });
  expect(earlierLabelOf({ compare: '7d' }, QUARTER).short).toBe('earlier');
  expect(earlierLabelOf({ compare: null }, { kind: 'this', unit: 'day', timezone: 'UTC' }).short).toBe(
    'yesterday',
  );
});
