import { type ChdbOptions, openChdbConnection } from './chdb-connection.ts';
import { createClickHouseStore } from './clickhouse-store.ts';
import { createHttpConnection, type ServerOptions } from './http-connection.ts';
import type { Store } from './store.ts';
import type { AggregateOf } from './store-aggregate.ts';

export interface StoreDeps {
  aggregateOf: AggregateOf;
}

/**
 * The Store in the embedded engine, on a folder; call `migrate` before anything else. Rejects with `engine_missing` or
 * `data_folder_in_use`.
 */
export const openEmbeddedStore = async (options: ChdbOptions, deps: StoreDeps): Promise<Store> =>
  createClickHouseStore(await openChdbConnection(options), deps);

/** The Store on a ClickHouse server, which is reached on first use; call `migrate` before anything else. Throws `invalid_settings` for names that cannot be. */
export const openServerStore = (options: ServerOptions, deps: StoreDeps): Store =>
  createClickHouseStore(createHttpConnection(options), deps);
