import { expect, it } from 'vitest';
import { findZone, zoneNames } from './find-zone.ts';

it.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  ['europe/berlin', 'Europe/Berlin'],
  [' new york ', 'America/New_York'],
  ['berlin', 'Europe/Berlin'],
  // A name that browsers may know and not list.
  ['Asia/Kathmandu', 'Asia/Kathmandu'],
  ['UTC', 'UTC'],
])('finds the zone %j', (text, zone) => {
  const read = findZone(text);
  expect('zone' in read && read.zone.toLowerCase()).toBe(zone.toLowerCase());
});

it('names what is near to a name that is none', () => {
  expect(findZone('berl')).toEqual({ message: 'There is no time zone "berl". Near to it: Europe/Berlin.' });
  expect(findZone('mars')).toMatchObject({
    message: expect.stringContaining('There is no time zone "mars".'),
  });
  expect(findZone('xyzzy')).toEqual({
    message: 'There is no time zone "xyzzy". Write one such as Asia/Kathmandu or New York.',
  });
});

it('takes every name of the list as it is', () => {
  for (const name of zoneNames()) expect(findZone(name)).toEqual({ zone: name });
});
