import type { Filter } from '#contracts/filter/filter.ts';
import { type ArchiveRow, addedPart, backfillPart } from '#contracts/log/rows.ts';
import type { Outcome, PropertyType } from '#contracts/metric/explanation.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import { isLate } from '#contracts/metric/pane.ts';

/** How far the parts of a metric version are in a partition, as its commit row says. Bounds are offsets. */
export interface JudgedPartition {
  partition: number;
  /** Everything below it is in the Store (P). */
  committed: number;
  /** Where its fold begins (A); null where the partition does not fold the version. */
  activation: number | null;
  /** Whether what comes before that is filled in. */
  backfilled: boolean;
  /** Imported events below it are filled in, and late ones. */
  imports: number;
  late: number;
}

/** The part of a metric that an event belongs to, or why to none, by its position (rule 4). */
export function outcomeOf(
  row: Pick<ArchiveRow, 'offset' | 'ts' | 'watermark' | 'imported'>,
  lateness: number,
  of: JudgedPartition,
): Outcome {
  if (row.imported) return row.offset < of.imports ? 'added' : 'imported';
  if (isLate(row.ts, lateness, row.watermark)) return row.offset < of.late ? 'added' : 'late';
  if (of.activation !== null && row.offset >= of.activation) return 'live';
  return of.backfilled ? 'filled' : 'before';
}

/** The part under which the panes hold an event that counts. */
export function rowPart({ part }: Pick<ArchiveRow, 'part'>, which: Outcome): string {
  if (which === 'filled') return backfillPart(part);
  return which === 'added' ? addedPart(part) : String(part);
}

/** The archived events that a metric version looks at: those of its names that fit its filter. */
export interface JudgedScope {
  metric: Metric;
  version: number;
  /** By their own time, in [from, to): whole panes. */
  from: number;
  to: number;
  /** Events of other partitions are left out. */
  partitions: readonly JudgedPartition[];
  /** Which groups, by the names that the cells have; a filter on dimensions. */
  where: readonly Filter[];
  /** Characters of a dimension's value, as `FoldSettings` has it. */
  valueLength?: number | undefined;
}

/** Events of one partition that share an outcome. */
export interface JudgedCount {
  partition: number;
  outcome: Outcome;
  /** Of what is skipped or absent: the property that decides, and the type that it has. */
  field: string | null;
  found: PropertyType | null;
  count: number;
}

/** Which events are compared with which. */
export interface SharesScope extends JudgedScope {
  /** Inside are those from here on; null: those of the groups, and outside are the others. */
  split: number | null;
  /** Properties that are compared at most: the most frequent ones. */
  paths: number;
  /** Values that are returned at most. */
  values: number;
  /** Events that are looked at exactly; of more than that every k-th. */
  exact: number;
}

/** A value of a property, and how many of the counted events have it. */
export interface ValueShare {
  path: string;
  /** Its canonical text, of which no more than the first 200 characters are compared. */
  value: string;
  inside: number;
  outside: number;
}

export interface ValueShares {
  /** Counted events that were looked at. */
  inside: number;
  outside: number;
  /** One event in so many was looked at; 1: all. */
  sample: number;
  /** Properties that were not compared, since others are more frequent. */
  omitted: boolean;
  /** Those whose shares differ most come first. */
  values: ValueShare[];
}

/** The part of the Store by which a number is explained. Each counts what a fold has done, from the archive and the panes. */
export interface JudgedReads {
  /** Number of archived events in [from, to) by their own time, copies included, of any name. */
  countRange(range: { from: number; to: number }): Promise<number>;
  /**
   * What became of each event of the scope that is of its groups. Events with a dimension that has no text have no group, and are counted
   * in any case. An event beyond the cap is of the group that its pane merged it into, as long as panes of that size are kept.
   */
  countJudged(scope: JudgedScope): Promise<JudgedCount[]>;
  /** The values whose share of the counted events differs most between inside and outside. */
  compareShares(scope: SharesScope): Promise<ValueShares>;
  /** For each of these cells whether the Store has it in a pane of its own size. */
  hasCells(cells: readonly StoredCell[]): Promise<boolean[]>;
}

/** What names a row of panes. */
export interface StoredCell {
  metric: string;
  version: number;
  pane: number;
  group: readonly string[];
  part: string;
}

/** Characters of a value that is compared. */
export const MAX_COMPARED = 200;

/** How far the shares of a value differ: that inside minus that outside, from -1 to 1. Of no events there is no share: 0. */
export const shareDifference = (
  { inside, outside }: Pick<ValueShare, 'inside' | 'outside'>,
  of: Pick<ValueShares, 'inside' | 'outside'>,
): number => share(inside, of.inside) - share(outside, of.outside);

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
