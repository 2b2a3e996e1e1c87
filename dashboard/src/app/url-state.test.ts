import fc from 'fast-check';
import { expect, it } from 'vitest';
import { between, last, RANGES } from '../range/page-range.ts';
import { boardAt, type Place } from './place.ts';
import { changeUrl, isLive, isStep, readUrl as read, type UrlState, writeUrl } from './url-state.ts';

const ZONE = 'Asia/Kathmandu';
const readUrl = (path: string, query: string): UrlState => read(path, query, ZONE);

it('reads back what it wrote', () => {
  const sort = fc.record({
    panel: fc.string(),
    output: fc.option(fc.stringMatching(/^[a-z][a-z0-9_]*$/)),
    descending: fc.boolean(),
  });
  const state: fc.Arbitrary<UrlState> = fc.record({
    place: fc.oneof(
      fc.constantFrom<Place>({ room: 'now' }, { room: 'boards' }, { room: 'system' }, { room: 'settings' }),
      fc
        .string({ minLength: 1 })
        .filter((s) => s !== '.' && s !== '..')
        .map(boardAt),
    ),
    range: fc.oneof(
      fc.constantFrom(...RANGES).map(last),
      fc.constantFrom('day' as const, 'week' as const).map((unit) => ({
        ...{ kind: 'this' as const, unit, timezone: ZONE },
      })),
    ),
    paused: fc.option(fc.integer({ min: 0, max: 4e12 })),
    panel: fc.option(fc.string()),
    theme: fc.constantFrom('ink' as const, 'paper' as const, null),
    tables: fc.uniqueArray(fc.string(), { maxLength: 4 }),
    sorts: fc.uniqueArray(sort, { selector: ({ panel }) => panel, maxLength: 3 }),
    own: fc.constant({}),
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
  const found = readUrl('/', query);
  expect(found).toMatchObject({ range: between(from, to), paused: null });
  const url = new URL(writeUrl(found), 'http://localhost');
  expect(readUrl(url.pathname, url.search)).toEqual(found);
  expect(readUrl('/', '?from=2026-11-29T14:30:00Z&to=2026-11-29T14:00:00Z').range).toEqual(last(900_000));
  expect(readUrl('/', '?range=3d').range).toEqual(last(259_200_000));
});

it('opens as usual where the address says nothing that can be read', () => {
  expect(readUrl('/boards/%E0%A4', '?range=7x&paused=soon&theme=pink&sort=x')).toEqual({
    place: { room: 'unknown', path: '/boards/%E0%A4' },
    range: last(900_000),
    paused: null,
    panel: null,
    theme: null,
    tables: [],
    sorts: [],
    own: {},
  });
});

it.each(['/dashboards/shop', '/boards/a/b', '/boards//', '/v2', '/%zz'])(
  'keeps %s, which is nothing of the page, in the address',
  (path) => {
    const read = readUrl(path, '?range=1h');
    expect(read).toMatchObject({ place: { room: 'unknown', path } });
    expect(writeUrl({ ...read, theme: 'ink' })).toBe(`${path}?range=1h&theme=ink`);
  },
);

it('leaves out what is as usual', () => {
  expect(
    writeUrl({
      place: boardAt('a b'),
      range: last(900_000),
      paused: null,
      panel: null,
      theme: null,
      tables: [],
      sorts: [],
      own: {},
    }),
  ).toBe('/boards/a%20b');
});

const BOARD = readUrl('/boards/shop', '?range=1h&panel=p&table=p&sort=p:-p99&theme=paper');

it('takes time and theme along to another place, and leaves what belongs to the room', () => {
  const system = changeUrl(BOARD, { place: { room: 'system' } });
  expect(writeUrl(system)).toBe('/system?range=1h&theme=paper');
  expect(changeUrl(BOARD, { place: boardAt('shop') })).toEqual(BOARD);
  expect(changeUrl(BOARD, { place: boardAt('ops'), panel: 'q' })).toMatchObject({ panel: 'q', tables: [] });
});

it('keeps what a room has for itself, in its own order, and nothing that is of no room', () => {
  const text = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('event', 'where', 'key', 'open'), text), (own) => {
      const url = new URL(writeUrl({ ...readUrl('/events', ''), own }), 'http://localhost');
      expect(readUrl(url.pathname, url.search).own).toEqual(own);
    }),
  );
  const read = readUrl('/events', '?key=u_1&event=order&utm=x&range=1h&where=');
  expect(writeUrl(read)).toBe('/events?event=order&key=u_1&range=1h');
  expect(readUrl('/boards/shop', '?event=order').own).toEqual({});
  expect(writeUrl(changeUrl(read, { place: { room: 'system' } }))).toBe('/system?range=1h');
  expect(isStep(read, changeUrl(read, { own: { event: 'order' } }))).toBe(true);
});

it('lets Back return to another place, range and moment, and from nothing else', () => {
  const steps: Partial<UrlState>[] = [{ place: boardAt('b') }, { range: last(60_000) }, { paused: 5_000 }];
  for (const change of steps) expect(isStep(BOARD, changeUrl(BOARD, change))).toBe(true);
  const others: Partial<UrlState>[] = [{ panel: 'q' }, { tables: [] }, { sorts: [] }, { theme: 'ink' }];
  for (const change of others) expect(isStep(BOARD, changeUrl(BOARD, change))).toBe(false);
});

it('keeps what a room has of its own, each room its names, and leaves it behind', () => {
  const read = readUrl('/catalogue/new', '?event=checkout&where=a+%3D+1&find=x&utm=y&range=5m');
  expect(read.own).toEqual({ event: 'checkout', where: 'a = 1' });
  expect(writeUrl(read)).toBe('/catalogue/new?event=checkout&where=a+%3D+1&range=5m');
  expect(readUrl('/boards/shop', '?event=checkout').own).toEqual({});
  expect(changeUrl(read, { place: boardAt('b') }).own).toEqual({});
  expect(readUrl('/catalogue/orders', '?by=').own).toEqual({ by: '' });
  expect(readUrl('/events', '?where=').own).toEqual({});
  expect(isStep(read, changeUrl(read, { own: { event: 'refund' } }))).toBe(true);
  expect(readUrl('/catalogue/new', `?where=${'x'.repeat(9_000)}`).own).toEqual({});
});

it('is not live where it is paused or stands still, and never both', () => {
  expect(isLive(BOARD)).toBe(true);
  const paused = changeUrl(BOARD, { paused: 5_000 });
  expect(isLive(paused)).toBe(false);
  const still = changeUrl(paused, { range: between(0, 60_000) });
  expect([still.paused, isLive(still)]).toEqual([null, false]);
});
