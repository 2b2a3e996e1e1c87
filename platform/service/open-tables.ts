import type { Store } from '#platform/store/store.ts';
import type { ServiceDeps } from './service.ts';

/** Returns the Store once its tables exist, for services that work with history. */
export async function openTables(store: Store, deps: ServiceDeps): Promise<Store> {
  deps.onStop(() => store.close());
  await deps.untilThere('the Store', () => store.migrate());
  return store;
}
