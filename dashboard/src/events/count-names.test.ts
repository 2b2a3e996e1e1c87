import { expect, it } from 'vitest';
import { emptyContents, type Series } from '#contracts/view/frame.ts';
import { last } from '../range/page-range.ts';
import { countNames, countsRequest } from './count-names.ts';

const series = (name: string, cells: [number, number][], rest = false): Series => ({
  group: [name],
  ...(rest ? { rest: true as const } : {}),
  cells: new Map(cells.map(([at, value]) => [at, [value]])),
});

it('lists names by how often they came, with rates over the time that is counted', () => {
  const contents = {
    ...emptyContents(),
    ...{ start: 0, end: 60_000, begins: 20_000, asOf: 40_000, groups: 5 },
    series: new Map([
      [0, series('b', [[20_000, 2]])],
      [
        1,
        series('a', [
          [20_000, 30],
          [30_000, 10],
        ]),
      ],
      [2, series('__others__', [[20_000, 4]], true)],
      [3, series('__other__', [[30_000, 1]])],
      [4, series('gone', [])],
    ]),
  };
  expect(countNames(contents)).toEqual({
    names: [
      { name: 'a', count: 40, rate: 2, values: [30] },
      { name: 'b', count: 2, rate: 0.1, values: [2] },
    ],
    others: { count: 5, names: 3 },
    count: 47,
    rate: 2.35,
  });
});

it('knows no rate before anything is counted', () => {
  expect(countNames(emptyContents())).toMatchObject({ names: [], count: 0, rate: null });
});

it('asks for a bounded number of names and points', () => {
  expect(countsRequest(last(900_000))).toEqual({
    ...{ metric: '$events', groupBy: ['$event'], window: 'auto', points: 45, range: '15m' },
    top: { limit: 100 },
  });
});
