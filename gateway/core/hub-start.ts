import type { CommitRow } from '#contracts/log/rows.ts';
import type { FillFailure } from '#contracts/view/backfill-progress.ts';
import type { FillPace } from './view/window-values.ts';

/** Where a hub begins, and its bounds. */
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
  /** Why the history of a metric version is not in; null where nobody tells. */
  failing?: (metric: string, version: number) => FillFailure | null;
  /** Pieces of work between two turns of others. */
  stride?: number;
  /** How views compute their values. */
  pace?: FillPace;
}
