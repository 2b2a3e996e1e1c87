import { expect, it } from 'vitest';
import type { Stat } from '../feed/stat-of.ts';
import { deltaLabels } from './delta-labels.ts';

const AT = new Date('2026-11-23T15:01:10').getTime();
const STAT: Stat = {
  subject: 'sum',
  from: AT - 900_000,
  to: AT,
  ago: 900_000,
  value: 3_120,
  before: 3_290,
  error: 1,
  began: null,
  open: false,
};
const labels = (change: Partial<Stat> = {}, unit = '', counted: number | null = null) =>
  deltaLabels({ ...STAT, ...change }, { unit, now: AT, counted });

it('says of one range what the figure is, and what it is compared with', () => {
  expect(labels()).toEqual({
    span: '15 min',
    reference: 'vs prev 15 min',
    missing: null,
    explained: 'Sum of the 15 min from 14:46:10 to 15:01:10: 3,120; of the 15 min before: 3,290.',
  });
  expect(labels({ subject: 'rate', value: 5 }, '/s').explained).toMatch(
    /^Rate over the 15 min from .*: 5 \/s;/,
  );
});

it('says of one window which one, and how long before the other was', () => {
  const single = { subject: 'window', from: AT - 10_000, value: 505, before: 474 } as const;
  expect(labels(single, 'ms')).toEqual({
    span: '10 s',
    reference: 'vs 15 min ago',
    missing: null,
    explained: 'Value of the 10 s from 15:01:00 to 15:01:10: 505 ms; of the 10 s 15 min earlier: 474 ms.',
  });
  expect(labels({ ...single, before: null }).missing).toBe('none 15 min ago');
  expect(labels({ ...single, value: null }).missing).toBe('none in 10 s');
});

it('says why there is no difference', () => {
  expect(labels({ before: null }).missing).toBe('none in prev 15 min');
  expect(labels({ began: AT - 1_000_000 }).missing).toBe('began 14:44:30');
  expect(labels({ open: true, began: AT }).missing).toBe('first events');
  expect(labels({ began: AT }, '', AT - 60_000).missing).toBe('counted to 15:00:10');
  expect(labels({ before: 0 }).missing).toBeNull();
});
