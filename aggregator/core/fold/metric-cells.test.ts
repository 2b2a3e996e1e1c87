import { expect, it } from 'vitest';
import { compileActive } from '#aggregates/judge/compile-metric.ts';
import { COUNTER } from '#aggregates/sums/counter.ts';
import { increase } from '#aggregates/sums/increase.ts';
import { SECOND } from '#contracts/text/duration.ts';
import type { DecodedEvent } from '../decode/decoded-block.ts';
import { MetricSequences } from '../sequences/metric-sequences.ts';
import { rulesOf } from '../sequences/sequence-rules.ts';
import { MetricCells } from './metric-cells.ts';
import { createPaneCaps } from './pane-caps.ts';

const T0 = 1_700_000_000_000;
const REACH = 30 * SECOND;
const DEFINITION = { event: '*', aggregate: 'increase(n)', window: '1s', lateness: '5s' };

it('keeps a pane until no event on time reaches back to it', () => {
  const aggregate = { ...increase, sequence: { ...COUNTER, reach: () => REACH } };
  const compiled = { ...compileActive('m', DEFINITION), aggregate };
  const active = { metric: 'm', version: 1, activation: 0, definition: DEFINITION, backfilled: true };
  const cells = new MetricCells(active, compiled, new MetricSequences(rulesOf(compiled)!));
  cells.place(compiled.paths, 100, new Map());
  const event: DecodedEvent = {
    index: 0,
    event: 'e',
    id: null,
    key: 'k',
    ts: T0,
    properties: '{}',
    values: [1],
  };
  const caps = createPaneCaps({ latest: null, steps: [{ from: 0, groups: 9 }] });
  expect(cells.fold(event, { part: 0, offset: 0, index: 0, ts: T0 }, null, caps)).toBe('folded');
  cells.closeBlock(1, T0);
  for (const cell of cells.dirty) [cell.dirty, cell.changed] = [false, false];
  expect(cells.evict(T0 + SECOND + 5 * SECOND, 9)).toBe(0);
  expect(cells.evict(T0 + SECOND + 5 * SECOND + REACH - 1, 9)).toBe(0);
  expect(cells.evict(T0 + SECOND + 5 * SECOND + REACH, 9)).toBe(1);
});
