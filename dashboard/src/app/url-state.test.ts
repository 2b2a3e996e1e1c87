import fc from 'fast-check';
import { expect, it } from 'vitest';
import { between, last, RANGES } from '../range/page-range.ts';
import { LOCAL } from '../range/reader-calendar.ts';
import { readablePath, readUrl, type UrlState, writeUrl } from './url-state.ts';

it('reads back what it wrote', () => {
  const sort = fc.record({
    panel: fc.string(),
    output: fc.option(fc.stringMatching(/^[a-z][a-z0-9_]*$/)),
    descending: fc.boolean(),
  });
  const state: fc.Arbitrary<UrlState> = fc.record({
    board: fc.option(fc.string({ minLength: 1 }).filter((s) => s !== '.' && s !== '..')),
    unknown: fc.constant(null),
    range: fc.oneof(
      fc.constantFrom(...RANGES).map(last),
      fc.constantFrom('day' as const, 'week' as const).map((unit) => ({
        ...{ kind: 'this' as const, unit, timezone: LOCAL.zone },
      })),
    ),
    paused: fc.option(fc.integer({ min: 0, max: 4e12 })),
    panel: fc.option(fc.string()),
    theme: fc.constantFrom('ink' as const, 'paper' as const, null),
    tables: fc.uniqueArray(fc.string(), { maxLength: 4 }),
    sorts: fc.uniqueArray(sort, { selector: ({ panel }) => panel, maxLength: 3 }),
  });
  fc.assert(
    fc.property(state, (wanted) => {
      const url = new URL(writeUrl(wanted), 'http://localhost');
      expect(readUrl(url.pathname, url.search)).toEqual(wanted);
    }),
  );
});

it('names a range between two times by both, and is not paused then', () => {
  const [from, to] = [Date.UTC(2026, 10, 29, 14), Date.UTC(2026, 10, 29, 14, 30)];
  const query = `?from=2026-11-29T14:00:00Z&to=2026-11-29T14:30:00Z&paused=2026-11-29T15:00:00Z`;
  const read = readUrl('/', query);
  expect(read).toMatchObject({ range: between(from, to), paused: null });
  const url = new URL(writeUrl(read), 'http://localhost');
  expect(readUrl(url.pathname, url.search)).toEqual(read);
  expect(readUrl('/', '?from=2026-11-29T14:30:00Z&to=2026-11-29T14:00:00Z').range).toEqual(last(900_000));
  expect(readUrl('/', '?range=3d').range).toEqual(last(259_200_000));
});

it('opens as usual where the address says nothing that can be read', () => {
  expect(readUrl('/boards/%E0%A4', '?range=7x&paused=soon&theme=pink&sort=x')).toEqual({
    board: null,
    unknown: '/boards/%E0%A4',
    range: last(900_000),
    paused: null,
    panel: null,
    theme: null,
    tables: [],
    sorts: [],
  });
});

it.each(['/', '/boards', '/boards/', '/index.html'])('takes %s for the list of boards', (path) => {
  expect(readUrl(path, '')).toMatchObject({ board: null, unknown: null });
});

it.each(['/dashboards/shop', '/boards/a/b', '/boards//', '/v2', '/%zz'])(
  'keeps %s, which is nothing of the page, in the address',
  (path) => {
    const read = readUrl(path, '?range=1h');
    expect(read).toMatchObject({ board: null, unknown: path });
    expect(writeUrl({ ...read, theme: 'ink' })).toBe(`${path}?range=1h&theme=ink`);
  },
);

it('leaves out what is as usual', () => {
  expect(
    writeUrl({
      board: 'a b',
      unknown: null,
      range: last(900_000),
      paused: null,
      panel: null,
      theme: null,
      tables: [],
      sorts: [],
    }),
  ).toBe('/boards/a%20b');
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
