import { expect, it } from 'vitest';
import { emptyContents, type ViewContents } from '#contracts/view/frame.ts';
import { rangeFigureOf } from './range-figure.ts';

const COUNT = { outputs: ['count'], empty: 'zero' as const, unit: 'kg' };
const contentsOf = (start: number, value: number | null | undefined, more: Partial<ViewContents> = {}) => {
  const contents: ViewContents = { ...emptyContents(), start, end: start + 100, begins: 0, ...more };
  if (value !== undefined) contents.series.set(0, { group: [], cells: new Map([[start, [value, 7]]]) });
  return contents;
};
const figureOf = (
  now: number | null | undefined,
  before: number | null | undefined,
  begins: number | null = 0,
) => rangeFigureOf(COUNT, contentsOf(200, now, { begins, compare: contentsOf(100, before) }), []);

it('is the value of the range, and that of the range before', () => {
  expect(figureOf(80, 100)).toEqual({
    from: 200,
    to: 300,
    value: 80,
    unit: 'kg',
    before: { from: 100, to: 200, value: 100 },
    began: null,
  });
});

it('has an empty range as zero where history is known, and as nothing where it is not', () => {
  expect(figureOf(undefined, undefined)).toMatchObject({ value: 0, before: { value: 0 }, began: null });
  expect(figureOf(undefined, undefined, null)).toMatchObject({
    value: null,
    before: { value: null },
    began: null,
  });
  expect(figureOf(undefined, undefined, 250)).toMatchObject({
    value: 0,
    before: { value: null },
    began: 250,
  });
});

it('compares with nothing that history does not cover whole', () => {
  expect(figureOf(80, 3, 100)).toMatchObject({ before: { value: 3 }, began: null });
  expect(figureOf(80, 3, 101)).toMatchObject({ before: { value: null }, began: 101 });
});

it('is no value where none is, or where no double holds it', () => {
  const quantile = { outputs: ['p50', 'p99'], empty: 'none' as const, unit: 'ms' };
  const contents = contentsOf(200, 5, { compare: contentsOf(100, undefined) });
  expect(rangeFigureOf(quantile, contents, ['p99'])).toMatchObject({ value: 7, before: { value: null } });
  expect(figureOf(null, 1)).toMatchObject({ value: null, before: { value: 1 } });
  expect(rangeFigureOf(COUNT, contentsOf(200, 5), [])).toMatchObject({ before: null, began: null });
});
