import type { Added } from '#contracts/log/added.ts';
import type { Metric } from '#contracts/metric/metric.ts';

/** How a fold names groups (rule 6), as `FoldSettings` has it. */
export interface FoldCaps {
  /** Cap of named groups per pane and partition, of imported events and of others each. */
  groups: number;
  /** Characters of a dimension's value; absent: no bound. */
  valueLength?: number | undefined;
  /** Whether each level of dimensions has places of its own; else a group beyond the cap loses all dimensions at once. */
  levels?: boolean | undefined;
}

/** Which archive rows a definition's SQL fold folds: of one partition those that were not imported, offsets in [from, before). */
export interface SqlFoldScope extends FoldCaps {
  metric: Metric;
  version: number;
  partition: number;
  from: number;
  before: number;
}

/** A metric version's history of some partitions: in each the archive rows below `before`. */
export interface BackfillScope extends FoldCaps {
  metric: Metric;
  version: number;
  partitions: readonly { partition: number; before: number }[];
}

/**
 * A metric version's added events of some partitions: the archive rows below `imports.before` that were imported, and those below
 * `late.before` that were not and were late.
 */
export interface AddedScope extends FoldCaps {
  metric: Metric;
  version: number;
  partitions: readonly (Added & { partition: number })[];
}
