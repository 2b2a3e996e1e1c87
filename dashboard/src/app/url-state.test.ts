import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RANGES } from './ranges.ts';
import { readUrl, type UrlState, writeUrl } from './url-state.ts';

it('reads back what it wrote', () => {
  const sort = fc.record({
    panel: fc.string(),
    output: fc.option(fc.stringMatching(/^[a-z][a-z0-9_]*$/)),
    descending: fc.boolean(),
  });
  const state: fc.Arbitrary<UrlState> = fc.record({
    board: fc.option(fc.string({ minLength: 1 }).filter((s) => s !== '.' && s !== '..')),
    range: fc.constantFrom(...RANGES),
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

it('opens as usual where the address says nothing that can be read', () => {
  expect(readUrl('/boards/%E0%A4', '?range=7x&paused=soon&theme=pink&sort=x')).toEqual({
    board: null,
    range: 900_000,
    paused: null,
    panel: null,
    theme: null,
    tables: [],
    sorts: [],
  });
});

it('leaves out what is as usual', () => {
  expect(
    writeUrl({ board: 'a b', range: 900_000, paused: null, panel: null, theme: null, tables: [], sorts: [] }),
  ).toBe('/boards/a%20b');
});
