import { FLUSH_ORDER, type FlushStep } from '#aggregator/core/flush.ts';
import { Partition } from '#aggregator/core/partition.ts';
import { restorePartition } from '#aggregator/core/restore.ts';

/** The parts of the real core that the simulation drives; a weakened copy has the same shape. */
export interface Core {
  Partition: typeof Partition;
  restorePartition: typeof restorePartition;
  FLUSH_ORDER: readonly FlushStep[];
}

export const REAL_CORE: Core = { Partition, restorePartition, FLUSH_ORDER };
