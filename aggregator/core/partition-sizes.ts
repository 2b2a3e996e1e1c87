import type { IdWindow } from './dedup/id-window.ts';
import type { ActiveMetrics } from './fold/active-metrics.ts';
import type { Unstored } from './unstored.ts';

/** What a partition holds in memory; bytes are estimates. */
export interface PartitionSizes {
  /** States. */
  readonly openCells: number;
  readonly stateBytes: number;
  /** Rows of either table that wait for the Store. */
  readonly pending: number;
  readonly pendingBytes: number;
  readonly liveIds: number;
  /** Points of sequences. */
  readonly sequencePoints: number;
}

/** The sizes are computed each time they are read. */
export const createSizes = (metrics: ActiveMetrics, unstored: Unstored, ids: IdWindow): PartitionSizes => ({
  get openCells() {
    return metrics.all().reduce((sum, cells) => sum + cells.open, 0);
  },
  get stateBytes() {
    return metrics.bytes;
  },
  get pending() {
    return unstored.rows;
  },
  get pendingBytes() {
    return unstored.bytes;
  },
  get liveIds() {
    return ids.live;
  },
  get sequencePoints() {
    return metrics.all().reduce((sum, cells) => sum + (cells.sequences?.size ?? 0), 0);
  },
});
