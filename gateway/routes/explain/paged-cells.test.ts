import { expect, it } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { sampleMetric, T0 } from '#platform/store/testing/store-samples.ts';
import { type CellPage, type CountedCells, createPagedCells } from './paged-cells.ts';

const metric = sampleMetric({ id: 'orders' });
const pageAt = (index: number, over: Partial<CellPage> = {}): CellPage => ({
  known: { metric, version: 1, aggregate: aggregateOf(metric.aggregate) },
  cells: { from: T0, to: T0 + 1_000, where: [] },
  before: { ts: T0, part: 0, offset: 0, index },
  ...over,
});
const counted = (count: number): CountedCells => ({
  scope: { metric, version: 1, from: T0, to: T0 + 1_000, partitions: [], where: [] },
  facts: {
    ...{ metric: 'orders', version: 1, from: T0, to: T0 + 1_000, count, values: null, partial: false },
    parts: { live: count, filled: 0, added: 0 },
    ...{ partitions: [], late: 0, before: 0, imported: 0, skipped: [], absent: 0, duplicates: 0 },
  },
});

it('knows what was counted by where the page ended, and by nothing else', () => {
  const paged = createPagedCells();
  const page = pageAt(1);
  paged.keep(page, counted(1));
  expect(paged.find(pageAt(1))?.facts.count).toBe(1);
  for (const other of [
    pageAt(2),
    pageAt(1, { known: { ...page.known, version: 2 } }),
    pageAt(1, { cells: { ...page.cells, to: T0 + 2_000 } }),
    pageAt(1, { cells: { ...page.cells, where: [{ path: 'a', op: 'in', values: ['b'] }] } }),
  ])
    expect(paged.find(other)).toBeNull();
  paged.keep(pageAt(1), counted(5));
  expect(paged.find(page)?.facts.count).toBe(5);
});

it('forgets the pages that were kept longest ago', () => {
  const paged = createPagedCells(2);
  for (const index of [1, 2, 1, 3]) paged.keep(pageAt(index), counted(index));
  expect([1, 2, 3].map((index) => paged.find(pageAt(index))?.facts.count)).toEqual([1, undefined, 3]);
});
