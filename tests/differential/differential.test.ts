import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkAggregate } from '#aggregates/registry.ts';
import type { CommitRow } from '#contracts/log/rows.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';
import { compareMetric } from './compare-metric.ts';
import type { TwinCell } from './compare-rows.ts';
import { drive } from './drive.ts';
import { readBlocks } from './read-blocks.ts';
import { PARTITIONS, type Stack, startStack } from './stack.ts';

/** One run more, of a seed that failed: `DIFFERENTIAL_SEED=123 npx vitest run tests/differential`. */
const GIVEN = process.env.DIFFERENTIAL_SEED;
const SEEDS = GIVEN === undefined ? [1, Math.floor(Math.random() * 2 ** 31)] : [Number(GIVEN)];

let data: string;
let stack: Stack | null = null;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'millrace-differential-'));
});
afterEach(async () => {
  await stack?.close();
  await rm(data, { recursive: true, force: true });
});

it.each(SEEDS)(
  'live results, SQL over the archive and a naive fold agree (DIFFERENTIAL_SEED=%i)',
  async (seed) => {
    stack = await startStack(data);
    const driven = await drive(
      seed,
      stack,
      () => startStack(data),
      (next) => (stack = next),
    );
    const commits = await stack.settled(driven.metrics);
    const truth = await readBlocks(stack.log, PARTITIONS);

    expect(truth.reduce((sum, { ingested }) => sum + ingested, 0)).toBe(driven.accepted);
    expect(await stack.store.countEvents()).toBe(truth.reduce((sum, { events }) => sum + events.length, 0));
    for (const { part, facts } of commits)
      expect(facts.counters, `counters of ${part}`).toMatchObject(truth[part]!.counters);

    const all: TwinCell[] = [];
    let values = 0;
    for (const { metric: id, definition } of commits[0]!.facts.active) {
      const compared = await compareMetric(stack, commits, truth, readMetric(id, definition), driven.random);
      all.push(...compared.cells);
      values += compared.values;
    }
    expectVariety(all, values, commits);
  },
  240_000,
);

function readMetric(id: string, definition: Record<string, unknown>): Metric {
  const read = parseMetric(id, definition, { checkAggregate, horizon: Infinity, stored: true });
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
}

/** A workload that leaves nothing to compare would pass anything. */
function expectVariety(cells: readonly TwinCell[], values: number, commits: readonly CommitRow[]): void {
  const having = (test: (cell: TwinCell) => boolean): number => cells.filter(test).length;
  const totals = (name: 'duplicates' | 'repeatedBlocks' | 'late' | 'skipped' | 'rejected'): number =>
    commits.reduce((sum, { facts }) => sum + facts.counters[name], 0);
  const found = {
    cells: cells.length,
    values,
    filledIn: having(({ row }) => row.part.startsWith('~')),
    merged: having(({ row }) => row.group.includes('__other__')),
    registers: having(({ row }) => row.state.counts.length > 1_000),
    duplicates: totals('duplicates'),
    repeatedBlocks: totals('repeatedBlocks'),
    late: totals('late'),
    skipped: totals('skipped'),
    rejected: totals('rejected'),
  };
  expect(Math.min(found.cells, found.values), JSON.stringify(found)).toBeGreaterThan(200);
  expect(Object.entries(found).filter(([, n]) => n === 0)).toEqual([]);
}
