import { type ChdbOptions, openChdbConnection } from './chdb-connection.ts';
import { createClickHouseStore } from './clickhouse-store.ts';
import { createHttpConnection } from './http-connection.ts';
import type { Store } from './store.ts';
import type { AggregateOf } from './store-aggregate.ts';

/** A ClickHouse server, or the embedded engine on a folder. */
export type StoreOptions = { url: string } | ChdbOptions;

/**
 * The Store of a process; call `migrate` before anything else. Rejects with `engine_missing` or
 * `data_folder_in_use` for the embedded engine; a server is reached on first use.
 */
export async function openStore(options: StoreOptions, deps: { aggregateOf: AggregateOf }): Promise<Store> {
  const connection = 'url' in options ? createHttpConnection(options.url) : await openChdbConnection(options);
  return createClickHouseStore(connection, deps);
}
