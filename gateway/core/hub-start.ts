import type { CommitRow } from '#contracts/log/rows.ts';
import type { FillFailure } from '#contracts/view/backfill-progress.ts';
import type { FillPace } from './view/window-values.ts';

/** Where a hub starts, and its bounds. */
export interface HubStart {
  /** End of the updates topic. */
  offset: number;
  /** End of every events partition, noted after `offset`. */
  ends: ReadonlyMap<number, number>;
  /** Read after both. */
  commits: readonly CommitRow[];
  /** Bounds of states in memory, by number and by the estimate of their bytes. */
  cells: number;
  hotBytes?: number;
  /** The id of a view on the wire, from its canonical text: equal for equal texts, and for no others. */
  idOf: (text: string) => string;
  /** Returns why the back-fill of a metric version fails; null where no failure is known. */
  backfillFailure?: (metric: string, version: number) => FillFailure | null;
  /** How often the groups with the highest values are looked for again, ms of event time. */
  rankEvery?: number;
  /** Pieces of work between two yields. */
  stride?: number;
  /** How views compute their values. */
  pace?: FillPace;
}
