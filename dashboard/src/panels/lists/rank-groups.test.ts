import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OTHER } from '#contracts/metric/dimension.ts';
import type { GroupRow } from '../feed/group-figures.ts';
import { nextSort, orderOf, type RankOptions, rankGroups } from './rank-groups.ts';

const row = (name: string, ...figures: number[]): GroupRow => ({
  series: 0,
  key: name,
  group: [name],
  figures,
  changed: 0,
  still: 0,
});
const USUAL: RankOptions = { order: { by: 0, descending: true }, limit: 10, room: 10, adds: true };
const names = (rows: { group: readonly string[] }[]): string[] => rows.map((r) => r.group[0]!);

it('puts the largest first, ties by name, and groups without a value last', () => {
  const all = [row('c', 2), row('x', Number.NaN), row('b', 2), row('a', 9)];
  expect(names(rankGroups(all, USUAL).rows)).toEqual(['a', 'b', 'c', 'x']);
  const upwards = { ...USUAL, order: { by: 0, descending: false } };
  expect(names(rankGroups(all, upwards).rows)).toEqual(['b', 'c', 'a', 'x']);
});

it('takes what does not fit together as others, with the row of their own', () => {
  const all = [row('a', 6), row('b', 3), row('c', 2), row('d', 1)];
  const { rows, others } = rankGroups(all, { ...USUAL, room: 3 });
  expect(rows.map(({ group, share, size }) => [group[0], share, size])).toEqual([
    ['a', 0.5, 1],
    ['b', 0.25, 0.5],
  ]);
  expect(others).toMatchObject({ count: 2, unnamed: false, figures: [3], share: 0.25, size: 0.5 });
  expect(rankGroups(all, { ...USUAL, limit: 3 }).rows).toHaveLength(3);
  expect(rankGroups(all, { ...USUAL, limit: 4, room: 4 }).others).toBeNull();
});

it('counts the groups that a view leaves out among the others', () => {
  const rest = { ...row('__others__', 30), rest: true };
  const { rows, others, groups } = rankGroups([rest, row('a', 60), row('b', 10)], { ...USUAL, ranked: 153 });
  expect(names(rows)).toEqual(['a', 'b']);
  expect(others).toMatchObject({ count: 151, unnamed: false, figures: [30], share: 0.3 });
  expect(groups).toBe(153);
  // Where values do not add there is no series of the others, and no figure.
  const counted = rankGroups([row('a', 60)], { ...USUAL, adds: false, ranked: 40 });
  expect(counted.others).toMatchObject({ count: 39, figures: [Number.NaN], share: null });
});

it('counts what came beyond the cap of groups into the others', () => {
  const { rows, others } = rankGroups([row(OTHER, 30), row('a', 10)], USUAL);
  expect(names(rows)).toEqual(['a']);
  expect(others).toMatchObject({ count: 0, unnamed: true, figures: [30], share: 0.75, size: 1 });
});

it('has no sum and no shares where values do not add', () => {
  const all = [row('a', 6), row('b', 3), row('c', 1)];
  const { rows, others } = rankGroups(all, { ...USUAL, room: 2, adds: false });
  expect(rows[0]!.share).toBeNull();
  expect(others).toMatchObject({ count: 2, figures: [Number.NaN], share: null });
});

it('has no shares of a total with negative parts', () => {
  expect(rankGroups([row('a', 6), row('b', -3)], USUAL).rows.map((r) => r.share)).toEqual([null, null]);
});

it('loses nothing: rows and others come to all of them, in the same order however they came', () => {
  const values = fc.uniqueArray(fc.tuple(fc.string(), fc.integer({ min: 0, max: 9 })), {
    selector: ([name]) => name,
  });
  fc.assert(
    fc.property(values, fc.nat(6), fc.nat(6), (pairs, limit, room) => {
      const all = pairs.map(([name, value]) => row(name, value));
      const options = { ...USUAL, limit: limit + 1, room: room + 1 };
      const { rows, others } = rankGroups(all, options);
      const sum = [...rows, ...(others ? [others] : [])].reduce((a, r) => a + (r.figures[0] || 0), 0);
      expect(sum).toBe(pairs.reduce((a, [, value]) => a + value, 0));
      expect(rows.length + (others?.count ?? 0)).toBe(all.length);
      expect(rows.length + (others ? 1 : 0)).toBeLessThanOrEqual(room + 1);
      expect(rankGroups([...all].reverse(), options)).toEqual({ rows, others, groups: all.length });
    }),
  );
});

const OUTPUTS = ['p50', 'p99'];
const FIRST = { by: 0, descending: true };

it('is by the first output, the largest first, until the reader says otherwise', () => {
  expect(orderOf(undefined, OUTPUTS)).toEqual(FIRST);
  expect(orderOf({ panel: 'a', output: 'p99', descending: false }, OUTPUTS)).toEqual({
    by: 1,
    descending: false,
  });
  expect(orderOf({ panel: 'a', output: null, descending: false }, OUTPUTS)).toEqual({
    by: -1,
    descending: false,
  });
  expect(orderOf({ panel: 'a', output: 'gone', descending: false }, OUTPUTS)).toEqual(FIRST);
});

it('turns round the column it has, and begins another with what is looked for', () => {
  expect(nextSort('a', 'p50', FIRST, OUTPUTS)).toEqual({ panel: 'a', output: 'p50', descending: false });
  expect(nextSort('a', 'p99', FIRST, OUTPUTS)).toEqual({ panel: 'a', output: 'p99', descending: true });
  expect(nextSort('a', null, FIRST, OUTPUTS)).toEqual({ panel: 'a', output: null, descending: false });
});
