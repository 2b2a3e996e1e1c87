import type { DiskGuard, DiskUse } from '#platform/disk/disk-guard.ts';
import type { Store } from './store.ts';

/**
 * Owns store and guard. The Store with its disk looked after: what would write where no room is left is refused with `disk_full` or
 * `data_folder_lost` before the engine begins. What frees space goes on.
 */
export function guardStore(store: Store, guard: DiskGuard): Store {
  const behind =
    <A extends unknown[]>(use: DiskUse, work: (...args: A) => Promise<void>) =>
    async (...args: A): Promise<void> => {
      guard.check(use);
      // Measured now: others may have filled the disk since it was measured last, and the engine must not find that out.
      await guard.ensureRoom(0, use);
      return work(...args);
    };
  return {
    ...store,
    insertPanes: behind('internal', store.insertPanes),
    insertEvents: behind('internal', store.insertEvents),
    insertCommits: behind('internal', store.insertCommits),
    // Retention waits for them, and that is what frees space.
    rollUp: behind('internal', store.rollUp),
    insertMarks: behind('internal', store.insertMarks),
    insertKeyUses: behind('internal', store.insertKeyUses),
    // It can be large, and it can wait.
    backfill: behind('events', store.backfill),
    close: () => {
      guard.close();
      return store.close();
    },
  };
}
