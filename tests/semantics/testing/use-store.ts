import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { aggregateOf } from '#aggregates/registry.ts';
import { openChdbConnection } from '#platform/store/connection/chdb-connection.ts';
import { createClickHouseStore } from '#platform/store/sql/clickhouse-store.ts';
import type { Store } from '#platform/store/store.ts';

/** A Store on an engine of its own that all cases of a file share. To be called once in it. */
export function useStore(): () => Store {
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-semantics-'));
    const connection = await openChdbConnection({ folder, memory: 1_000_000_000, sessions: 1 });
    store = createClickHouseStore(connection, { aggregateOf });
    await store.migrate();
  });
  afterAll(async () => {
    await store?.close();
    await rm(folder, { recursive: true, force: true });
  });
  return () => store;
}
