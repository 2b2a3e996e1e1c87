import type { CatalogFollower } from '#platform/definitions/follow.ts';
import { type CatalogDeps, openCatalog } from '#platform/definitions/open-catalog.ts';
import type { Store } from '#platform/store/store.ts';
import type { ServiceDeps } from './service.ts';

export interface State {
  store: Store;
  catalog: CatalogFollower;
}

/** What the services that work with definitions and history need beside the Log: tables that exist, and the definitions followed. */
export async function openState(store: Store, deps: ServiceDeps & CatalogDeps): Promise<State> {
  deps.onStop(() => store.close());
  await deps.untilThere('the Store', () => store.migrate());
  const catalog = await deps.untilThere('the definitions', () => openCatalog(deps.log, deps));
  deps.onStop(catalog.close);
  return { store, catalog };
}
