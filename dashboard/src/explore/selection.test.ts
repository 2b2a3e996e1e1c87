import fc from 'fast-check';
import { expect, it } from 'vitest';
import { besides, cellsOf, groupOf, readSelection, type Selection, writeSelection } from './selection.ts';

const selection: fc.Arbitrary<Selection> = fc
  .record({
    from: fc.integer({ min: 0, max: 4e12 }),
    length: fc.integer({ min: 1, max: 9e8 }),
    group: fc.option(fc.dictionary(fc.constantFrom('channel', 'country'), fc.string(), { minKeys: 1 })),
  })
  .map(({ from, length, group }) => ({ from, to: from + length, group }));

it('is read back from the parameters that it is written as', () => {
  fc.assert(
    fc.property(selection, (one) => {
      expect(readSelection(writeSelection(one))).toEqual(one);
      expect(besides(besides(one, 1), -1)).toEqual(one);
    }),
  );
  expect(readSelection(writeSelection(null))).toBeNull();
});

it('is none where it cannot be read', () => {
  const at = '2026-11-29T14:00:00.000Z';
  expect(readSelection({ at })).toBeNull();
  expect(readSelection({ at, until: at })).toBeNull();
  expect(readSelection({ at: 'now', until: at })).toBeNull();
  const until = '2026-11-29T14:00:10.000Z';
  for (const group of ['[1]', '{', 'web'])
    expect(readSelection({ at, until, group })).toMatchObject({ group: null });
});

it('asks the archive for its time, group and filter', () => {
  const group = groupOf({ by: ['channel'] }, ['web']);
  const cells = cellsOf({ where: 'country = DE' }, { from: 0, to: 10_000, group });
  expect(Object.fromEntries(cells)).toEqual({
    ...{ from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T00:00:10.000Z' },
    ...{ where: 'country = DE', group: '{"channel":"web"}' },
  });
  expect([...cellsOf({ where: '' }, { from: 0, to: 1, group: null }).keys()]).toEqual(['from', 'to']);
});
