import { expect, it } from 'vitest';
import {
  addCondition,
  faultOfWhere,
  isFollowing,
  isNarrow,
  metricAddress,
  readQuery,
} from './events-query.ts';

it('is of the address, and narrow where it keeps some events out', () => {
  const all = readQuery({});
  expect([isNarrow(all), isFollowing(all)]).toEqual([false, false]);
  expect(isNarrow(readQuery({ where: 'a = 1' }))).toBe(true);
  const followed = readQuery({ key: 'u_1', open: '0:1:2' });
  expect(followed).toEqual({ event: '', where: '', key: 'u_1', id: '' });
  expect(isFollowing(followed)).toBe(true);
});

it('adds a value once, and takes its opposite away', () => {
  expect(addCondition('', 'country', 'DE', true)).toBe('country = DE');
  expect(addCondition('country = DE', 'country', 'DE', true)).toBe('country = DE');
  expect(addCondition('a > 1 and country = DE', 'country', 'DE', false)).toBe('a > 1 and country != DE');
  expect(addCondition('a = 1 or b = 2', 'zip', '1.0', true)).toBe('(a = 1 or b = 2) and zip = "1.0"');
  expect(faultOfWhere(addCondition('', 'Price (EUR)', 'New "York"', false))).toBeNull();
});

it('says with a code why a filter cannot be asked', () => {
  expect(faultOfWhere('country == DE')).toMatchObject({ code: 'invalid_filter' });
});

it('leads to a metric of the same events', () => {
  expect(metricAddress(readQuery({}))).toBe('/catalogue/new');
  expect(metricAddress(readQuery({ event: 'order', where: 'a = "x y"' }), 'country')).toBe(
    '/catalogue/new?event=order&where=a+%3D+%22x+y%22&by=country',
  );
});
