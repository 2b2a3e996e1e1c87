import type { Store } from '#platform/store/store.ts';
import type { ServiceDeps } from './service.ts';

/** Beside the Log, what services that work with history need: a Store whose tables exist. */
export async function openTables(store: Store, deps: ServiceDeps): Promise<Store> {
  deps.onStop(() => store.close());
  await deps.untilThere('the Store', () => store.migrate());
  return store;
}
