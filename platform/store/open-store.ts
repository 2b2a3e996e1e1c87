import { type ChdbOptions, openChdbConnection } from './connection/chdb-connection.ts';
import { type FrozenStore, freezeTables, removeFrozen } from './connection/chdb-freeze.ts';
import { checkParts } from './connection/check-parts.ts';
import { createHttpConnection, type ServerOptions } from './connection/http-connection.ts';
import { createClickHouseStore } from './sql/clickhouse-store.ts';
import type { Store } from './store.ts';
import type { AggregateOf } from './store-aggregate.ts';

export interface StoreDeps {
  aggregateOf: AggregateOf;
}

export interface EmbeddedStore extends Store {
  /** Freezes the contents of the tables as they are between two inserts, while work continues. One at a time. */
  freeze(): Promise<FrozenStore>;
}

/**
 * The Store in the embedded engine, on a folder; call `migrate` before anything else. Rejects with `engine_missing`,
 * `data_folder_in_use` or `store_damaged`.
 */
export async function openEmbeddedStore(options: ChdbOptions, deps: StoreDeps): Promise<EmbeddedStore> {
  const connection = await openChdbConnection(options);
  try {
    await removeFrozen(options.folder);
    await checkParts(connection, options.folder);
    return {
      ...createClickHouseStore(connection, deps),
      freeze: () => freezeTables(connection, options.folder),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** The Store on a ClickHouse server, which is reached on first use; call `migrate` before anything else. Throws `invalid_settings` for names that cannot be. */
export const openServerStore = (options: ServerOptions, deps: StoreDeps): Store =>
  createClickHouseStore(createHttpConnection(options), deps);
