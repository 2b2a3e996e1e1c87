import { expect, it } from 'vitest';
import { HOUR } from '#contracts/text/duration.ts';
import { FORMATS } from '../../../testing/usual-formats.ts';
import { between, last, type PageRange } from '../../range/page-range.ts';
import type { Stat } from '../feed/stat-of.ts';
import { deltaLabels } from './delta-labels.ts';

const AT = new Date('2026-11-23T15:01:10').getTime();
const STAT: Stat = {
  subject: 'sum',
  from: AT - 900_000,
  to: AT,
  value: 3_120,
  unit: '',
  before: { from: AT - 1_800_000, to: AT - 900_000, value: 3_290 },
  error: 1,
  began: null,
  counted: null,
};
const labels = (change: Partial<Stat> = {}, unit = '', range: PageRange = last(900_000)) =>
  deltaLabels({ ...STAT, ...change }, { unit, now: AT, formats: FORMATS, range });

it('names the range that it is compared with where that is not the one before', () => {
  const compared = deltaLabels(STAT, {
    unit: '',
    now: AT,
    formats: FORMATS,
    range: last(900_000),
    compare: '7d',
  });
  expect(compared.reference).toBe('vs 7 d earlier');
  expect(compared.explained).toContain('; 7 d earlier, 14:31:10 to 14:46:10: 3,290.');
});

it('says of which range the figure is, and of which the one that it is compared with', () => {
  expect(labels()).toEqual({
    span: '15 min',
    reference: 'vs prev 15 min',
    missing: null,
    explained: 'Sum from 14:46:10 to 15:01:10: 3,120; of the range before, 14:31:10 to 14:46:10: 3,290.',
  });
  expect(labels({ subject: 'rate', value: 5 }, '/s').explained).toMatch(/^Rate from .*: 5 \/s;/);
  expect(labels({ subject: 'value', value: 505 }, 'ms').explained).toMatch(/^Value of all from .*: 505 ms;/);
});

it('names the periods of a calendar, and the time of a range that stands still', () => {
  const today = { kind: 'this', unit: 'day', timezone: 'UTC' } as const;
  expect(labels({}, '', today)).toMatchObject({ span: 'today', reference: 'vs yesterday' });
  const closed = between(AT - 900_000, AT);
  expect(labels({}, '', closed)).toMatchObject({ span: '14:46:10–15:01:10', reference: 'vs 15 min before' });
});

it('says why there is no difference', () => {
  const before = { ...STAT.before!, value: null };
  expect(labels({ before }).missing).toBe('none in prev 15 min');
  expect(labels({ before, began: AT - 1_000_000 }).missing).toBe('began 14:44:30');
  expect(labels({ counted: AT - 60_000 }).missing).toBe('counted to 15:00:10');
  expect(labels({ value: null }).missing).toBe('no value');
  expect(labels({ before: { ...before, value: 0 } }).missing).toBeNull();
  expect(labels({ before: null }).missing).toBeNull();
});

it('says where a change of clocks makes the lengths differ', () => {
  const day = {
    from: AT - 25 * HOUR,
    to: AT,
    before: { from: AT - 49 * HOUR, to: AT - 25 * HOUR, value: 1 },
  };
  expect(labels(day).explained).toContain('The lengths differ, since clocks were changed: 1 d 1 h and 1 d.');
  expect(labels().explained).not.toContain('lengths');
});
