import type { Metric } from '#contracts/metric/metric.ts';

/** What of a partition is in a metric version's rows, as its commit row says (rule 4). */
export interface GroupSource {
  partition: number;
  activation: number;
  /** The committed offset. */
  before: number;
  /** Whether what came before the activation is filled in. */
  backfilled: boolean;
  /** Offsets below which imported events, and late ones, are filled in. */
  imports: number;
  late: number;
}

/** The events of a metric version in its panes that start in [from, to). */
export interface GroupQuery {
  metric: Metric;
  version: number;
  from: number;
  to: number;
  sources: readonly GroupSource[];
  /** Characters of a dimension's value; absent: no bound. */
  valueLength?: number | undefined;
  /** Names that are told of a level, at most. */
  limit: number;
  /** Events that the read may look at. */
  events: number;
}

/** The groups over the first dimensions of a metric. */
export interface GroupLevel {
  /** Most groups that have a place at this level in one pane of one partition (rule 6). */
  places: number;
  /** How many groups there are, and how many values of the last dimension alone: estimates, by `DISTINCT_ERROR`. */
  distinct: number;
  values: number;
  /** Events whose group has lost a dimension of this level to `__other__`. */
  other: number;
  /** Groups of such events, those with most of them first, then by name. */
  leftOut: { group: string[]; events: number }[];
}

export interface GroupCounts {
  /** Start of the first pane that was looked at: those before are not kept in full. */
  from: number;
  /** Events that count in the range. */
  events: number;
  /** One a dimension, as declared. */
  levels: GroupLevel[];
}

/** There are more events than the read may look at; `fits`: with a range from here on there are not. */
export interface TooManyEvents {
  fits: number;
}

/** Relative standard error of the number of distinct groups: 1.04 / √2^17, that of a HyperLogLog with as many registers. */
export const DISTINCT_ERROR = 0.003;
