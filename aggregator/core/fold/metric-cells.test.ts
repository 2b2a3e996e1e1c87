import { expect, it } from 'vitest';
import { compileActive } from '#aggregates/judge/compile-metric.ts';
import type { SequenceForm } from '#contracts/metric/sequence.ts';
import { SECOND } from '#contracts/text/duration.ts';
import { MetricSequences } from '../sequences/metric-sequences.ts';
import { rulesOf } from '../sequences/sequence-rules.ts';
import { MetricCells } from './metric-cells.ts';
import { createPaneCaps } from './pane-caps.ts';

const T0 = 1_700_000_000_000;
const REACH = 30 * SECOND;
const DEFINITION = { event: '*', aggregate: 'increase(n)', window: '1s', lateness: '5s' };

const CALM = { latest: null, steps: [{ from: 0, groups: 9 }] };

/** The metric's cells, and a function that folds an event, a block each. */
function openCells(definition: Record<string, unknown>, sequence: Partial<SequenceForm> = {}) {
  const found = compileActive('m', definition);
  const aggregate = { ...found.aggregate, sequence: { ...found.aggregate.sequence!, ...sequence } };
  const compiled = { ...found, aggregate };
  const active = { metric: 'm', version: 1, activation: 0, definition, backfilled: true };
  const cells = new MetricCells(active, compiled, new MetricSequences(rulesOf(compiled)!));
  cells.place(compiled.paths, 100, new Map());
  let offset = 0;
  return {
    cells,
    fold(ts: number, values: unknown[], caps = createPaneCaps(CALM)) {
      const event = { index: 0, event: 'e', id: null, key: 'k', ts, properties: '{}', values };
      expect(cells.fold(event, { part: 0, offset, index: 0, ts }, null, caps)).toBe('folded');
      cells.closeBlock(++offset, T0);
    },
  };
}

it('keeps a pane until no event on time reaches back to it', () => {
  const { cells, fold } = openCells(DEFINITION, { reach: () => REACH });
  fold(T0, [1]);
  for (const cell of cells.dirty) [cell.dirty, cell.changed] = [false, false];
  expect(cells.evict(T0 + SECOND + 5 * SECOND, 9)).toBe(0);
  expect(cells.evict(T0 + SECOND + 5 * SECOND + REACH - 1, 9)).toBe(0);
  expect(cells.evict(T0 + SECOND + 5 * SECOND + REACH, 9)).toBe(1);
});

it('does not change the cap of panes in which a sample holds already', () => {
  const definition = {
    event: '*',
    aggregate: 'time_weighted(n, 10s)',
    groupBy: 'd',
    window: '5s',
    pane: '5s',
  };
  const { cells, fold } = openCells(definition);
  const caps = createPaneCaps({ latest: T0, steps: [{ from: 0, groups: 1 }] });
  fold(T0, ['a', 1], caps);
  caps.change({ groups: 2 });
  for (const [i, group] of ['b', 'c', 'd'].entries()) fold(T0 + 1 + i, [group, 1], caps);
  fold(T0 + 11_000, ['e', 1], caps);
  const named = Map.groupBy(cells.dirty, ({ pane }) => (pane - T0) / SECOND);
  expect([...named].map(([at, own]) => [at, own.map(({ group }) => group[0]).join()])).toEqual([
    [0, 'a,__other__'],
    [5, 'a,__other__'],
    [10, 'b,__other__'],
    [15, 'e'],
    [20, 'e'],
  ]);
});
