import { expect, it } from 'vitest';
import { emptyContents, type ViewContents } from '#contracts/view/frame.ts';
import type { ViewInfo } from '#contracts/view/view.ts';
import { linesOf } from './group-rows.ts';

const INFO: Pick<ViewInfo, 'outputs' | 'adds' | 'empty'> = {
  outputs: ['p50', 'p99'],
  adds: 'groups',
  empty: 'none',
};

function contentsOf(rows: [name: string, ...values: number[]][], start = 100): ViewContents {
  const series = rows.map(
    ([name, ...values], i): [number, { group: string[]; rest?: true; cells: Map<number, number[]> }] => [
      i,
      {
        group: name === 'rest' ? [] : [name],
        ...(name === 'rest' ? { rest: true } : {}),
        cells: new Map([[start, values]]),
      },
    ],
  );
  return { ...emptyContents(), start, begins: 0, series: new Map(series) };
}

it('are the largest first, with what is not listed last, and shares where values add', () => {
  const contents = contentsOf([
    ['a', 0, 10],
    ['rest', 0, 60],
    ['b', 0, 30],
  ]);
  const lines = linesOf(INFO, contents, 'p99');
  expect(lines.map(({ group, value, share, rest }) => [...group, value, share, rest])).toEqual([
    ['b', 30, 0.3, false],
    ['a', 10, 0.1, false],
    [60, 0.6, true],
  ]);
  expect(linesOf({ ...INFO, adds: 'nothing' }, contents, 'p99').every(({ share }) => share === null)).toBe(
    true,
  );
  expect(
    linesOf(
      INFO,
      contentsOf([
        ['a', -1],
        ['b', 3],
      ]),
      null,
    ).every(({ share }) => share === null),
  ).toBe(true);
});

it('are compared with the same group of the earlier range, once history reaches there', () => {
  const compare = contentsOf([['b', 5]], 50);
  const contents = {
    ...contentsOf([
      ['a', 1],
      ['b', 2],
    ]),
    compare,
  };
  const before = (empty: 'zero' | 'none', begins: number | null) =>
    linesOf({ ...INFO, empty }, { ...contents, begins }, null).map((line) => line.before);
  expect(before('zero', 50)).toEqual([5, 0]);
  expect(before('none', 50)).toEqual([5, null]);
  expect(before('zero', 51)).toEqual([null, null]);
  expect(before('zero', null)).toEqual([null, null]);
});
