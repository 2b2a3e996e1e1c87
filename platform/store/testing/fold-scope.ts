import type { PaneRow } from '#contracts/log/rows.ts';
import type { SqlFoldScope } from '../store.ts';
import { sampleMetric, T0 } from './store-samples.ts';

/** What a test folds in SQL: the rows of a partition. */
export const scopeOf = (partition: number, over: Partial<SqlFoldScope> = {}): SqlFoldScope => ({
  metric: sampleMetric(),
  version: 7,
  partition,
  from: 0,
  before: 1_000,
  groups: 100,
  ...over,
});

/** Pane, in seconds from T0, and group text → count, for metrics that count. */
export const counts = (rows: readonly PaneRow[]): Record<string, number> =>
  Object.fromEntries(rows.map((r) => [`${(r.pane - T0) / 1_000}:${r.group.join('/')}`, r.state.counts[0]!]));
