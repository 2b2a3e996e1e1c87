import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSamePlace, type Place, readablePath, readPlace, writePlace } from './place.ts';

const place: fc.Arbitrary<Place> = fc.oneof(
  fc.constantFrom<Place>(
    { room: 'now' },
    { room: 'boards' },
    { room: 'explore' },
    { room: 'events' },
    { room: 'connect' },
    { room: 'system' },
    { room: 'settings' },
  ),
  fc
    .string({ minLength: 1, unit: 'grapheme' })
    .filter((board) => board !== '.' && board !== '..')
    .chain((id) => fc.constantFrom<Place>({ room: 'board', board: id }, { room: 'metric', metric: id })),
  fc.constantFrom<Place>(
    { room: 'catalogue' },
    { room: 'metric', metric: '' },
    { room: 'metric', metric: 'new' },
  ),
);

it('reads back every place that it writes, through an address', () => {
  fc.assert(
    fc.property(place, (wanted) => {
      const { pathname } = new URL(writePlace(wanted), 'http://localhost');
      expect(readPlace(pathname)).toEqual(wanted);
      expect(readPlace(`${pathname}/`.replace('//', '/'))).toEqual(wanted);
    }),
  );
});

it('keeps any path at which there is nothing', () => {
  fc.assert(
    fc.property(fc.webPath(), (path) => {
      const read = readPlace(path);
      if (read.room === 'unknown') expect(writePlace(read)).toBe(path);
      expect(isSamePlace(readPlace(writePlace(read)), read)).toBe(true);
    }),
  );
});

it.each(['/', '/index.html'])('takes %s for Now', (path) => {
  expect(readPlace(path)).toEqual({ room: 'now' });
});

it.each(['/boards', '/boards/'])('takes %s for the list of boards', (path) => {
  expect(readPlace(path)).toEqual({ room: 'boards' });
});

it.each([
  '/dashboards/shop',
  '/boards/a/b',
  '/boards//',
  '/v2',
  '/%zz',
  '/boards/%E0%A4',
  '/System',
  '/system/x',
  '/settings//',
])('finds nothing at %s', (path) => {
  expect(readPlace(path)).toEqual({ room: 'unknown', path });
});

it('tells boards apart, and no room from itself', () => {
  expect(isSamePlace({ room: 'board', board: 'a' }, { room: 'board', board: 'b' })).toBe(false);
  expect(isSamePlace({ room: 'system' }, { room: 'system' })).toBe(true);
  expect(isSamePlace({ room: 'unknown', path: '/system' }, { room: 'system' })).toBe(false);
});

it.each([
  ['/dashboards/storefront', '/dashboards/storefront', 'storefront'],
  ['/boards/a%20b/c/', '/boards/a b/c/', 'c'],
  ['/boards/%E0%A4', '/boards/%E0%A4', '%E0%A4'],
  ['//', '//', ''],
  [`/${'x'.repeat(5_000)}`, `/${'x'.repeat(119)}…`, `${'x'.repeat(119)}…`],
])('reads %s', (path, text, last) => {
  expect(readablePath(path)).toEqual({ text, last });
});
