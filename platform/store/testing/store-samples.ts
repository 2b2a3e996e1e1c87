import { DEFAULT_FOLD_SETTINGS } from '#contracts/log/control.ts';
import type { ArchiveRow, CommitRow, PaneRow } from '#contracts/log/rows.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import type { Metric } from '#contracts/metric/metric.ts';

/** Rows and metrics for the Store's tests; each takes what the test is about. */

export const T0 = Date.UTC(2026, 10, 23, 10);

export const samplePane = (over: Partial<PaneRow> = {}): PaneRow => ({
  metric: 'orders',
  version: 1,
  pane: T0,
  group: ['DE'],
  part: '0',
  state: { nums: [], keys: [], counts: [1] },
  next: 1,
  ...over,
});

export const sampleEvent = (over: Partial<ArchiveRow> = {}, properties: unknown = {}): ArchiveRow => ({
  part: 0,
  offset: 0,
  index: 0,
  block: 'b0',
  received: T0,
  ts: T0,
  watermark: null,
  id: null,
  key: null,
  event: 'order',
  properties: JSON.stringify(properties),
  imported: false,
  ...over,
});

export const sampleCommit = (part: number, next: number, identity = 'log-1'): CommitRow => ({
  part,
  next,
  identity,
  facts: {
    watermark: next === 0 ? null : T0 + next,
    settings: DEFAULT_FOLD_SETTINGS,
    active: [
      { metric: 'orders', version: 1, activation: 3, definition: { event: "it's\n\n\\x" }, backfilled: true },
    ],
    blocks: ['b1', 'b2'],
    ids: { from: 4, after: null },
    caps: { latest: null, steps: [{ from: 0, groups: 2_000 }] },
    counters: { events: next, duplicates: 1, repeatedBlocks: 0, rejected: 0, late: 2, skipped: 3 },
  },
});

const COUNT: AggregateCall = { name: 'count', field: null, args: [] };

export const sampleMetric = (over: Partial<Metric> = {}): Metric => ({
  id: 'orders',
  title: 'Orders',
  unit: '',
  better: null,
  retention: { pane: 86_400_000, minute: 86_400_000, hour: 86_400_000 },
  events: ['order'],
  where: [],
  aggregate: COUNT,
  groupBy: [],
  window: 10_000,
  pane: 1_000,
  lateness: 60_000,
  ...over,
});

/** Order is no part of an answer's meaning. */
export const byText = <T>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
