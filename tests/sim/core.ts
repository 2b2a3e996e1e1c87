import { FLUSH_ORDER, type FlushStep } from '#aggregator/core/flush.ts';
import { Partition } from '#aggregator/core/partition.ts';
import { planServe, waitingToBeServed } from '#aggregator/core/plan-serve.ts';
import { restorePartition } from '#aggregator/core/restore/restore-partition.ts';
import { rollUpCommitted } from '#aggregator/core/roll-ups/roll-up-committed.ts';
import { rollUpFilled } from '#aggregator/core/roll-ups/roll-up-filled.ts';
import { SharedView } from '#client/views/shared-view.ts';
import { applyDefinition, foldsOf } from '#contracts/log/definition-record.ts';
import { usableCursor } from '#gateway/core/view/resume-view.ts';
import { ViewHub } from '#gateway/core/view-hub.ts';

/** The parts of the real code that the simulation drives; a weakened copy has the same shape. */
export interface Core {
  Partition: typeof Partition;
  restorePartition: typeof restorePartition;
  FLUSH_ORDER: readonly FlushStep[];
  rollUpCommitted: typeof rollUpCommitted;
  rollUpFilled: typeof rollUpFilled;
  planServe: typeof planServe;
  waitingToBeServed: typeof waitingToBeServed;
  applyDefinition: typeof applyDefinition;
  foldsOf: typeof foldsOf;
  ViewHub: typeof ViewHub;
  usableCursor: typeof usableCursor;
  SharedView: typeof SharedView;
}

export const REAL_CORE: Core = {
  Partition,
  restorePartition,
  FLUSH_ORDER,
  rollUpCommitted,
  rollUpFilled,
  planServe,
  waitingToBeServed,
  applyDefinition,
  foldsOf,
  ViewHub,
  usableCursor,
  SharedView,
};
