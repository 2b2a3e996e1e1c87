import { expect, it } from 'vitest';
import type { CommitRow, PaneRow } from '#contracts/log/rows.ts';
import { MINUTE, SECOND } from '#contracts/text/duration.ts';
import { restorePanes } from './restore-panes.ts';
import { FIRST_FACTS } from './restore-partition.ts';

const T0 = 28_333_334 * MINUTE;

/** Starts of the panes, seconds after the first, that come back of an aggregate with a lateness of 5 s. */
function restored(aggregate: string, watermark: number): number[] {
  const definition = { event: '*', aggregate, window: '1s', lateness: '5s' };
  const active = [{ metric: 'm', version: 1, activation: 0, definition, backfilled: true }];
  const facts = { ...FIRST_FACTS, active, watermark, caps: { ...FIRST_FACTS.caps, latest: T0 + MINUTE } };
  const commit: CommitRow = { part: 0, next: 9, identity: 'log', facts };
  const rows = [0, 1, 2, 3].map((at): PaneRow => {
    const state = { nums: [], keys: [], counts: [1] };
    return { metric: 'm', version: 1, pane: T0 + at * SECOND, group: [], part: '0', state, next: 9 };
  });
  const steps = restorePanes(commit, Number.POSITIVE_INFINITY);
  let step = steps.next();
  while (!step.done) {
    const read = step.value;
    if (read.read !== 'panes') throw new Error(`${read.read} is not asked for.`);
    step = steps.next(rows.filter(({ pane }) => pane >= read.from && pane < read.to));
  }
  return step.value.panes.map(({ pane }) => (pane - T0) / SECOND);
}

it('brings back the panes that are not final', () => {
  expect(restored('count', T0 + 7 * SECOND)).toEqual([2, 3]);
});

it('brings back those that an event can still reach back to', () => {
  expect(restored('sessions(30s, 1m)', T0 + MINUTE + 7 * SECOND)).toEqual([2, 3]);
});
