import type { CatalogFollower } from '#platform/definitions/follow.ts';
import type { Log } from '#platform/log/log.ts';
import type { Store } from '#platform/store/store.ts';
import type { Removal } from './demo-routes.ts';
import { findOwnData } from './find-own-data.ts';
import { hasEvents } from './has-events.ts';
import { DEMO_BOARD_ID } from './traffic/names.ts';

export interface RemovalDeps {
  log: Log;
  store: Store;
  catalog: CatalogFollower;
}

/** `begin`: null where the data cannot be emptied by this process. */
export function createRemoval({ log, store, catalog }: RemovalDeps, begin: (() => void) | null): Removal {
  return {
    async obstacle() {
      if (begin === null) return 'This process cannot delete the data where it is stored.';
      if (!catalog.catalog.boards.has(DEMO_BOARD_ID) && !(await hasEvents(log)))
        return 'There is no demo data.';
      const own = await findOwnData(log, store, catalog.catalog);
      return own === null
        ? null
        : `${own} Removal deletes everything, so it is possible only while there is nothing but demo data.`;
    },
    begin: () => begin?.(),
  };
}
