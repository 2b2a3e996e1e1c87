import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChdbConnection, openChdbConnection } from '#platform/store/connection/chdb-connection.ts';
import { migrate } from '#platform/store/sql/migrations.ts';

/** An engine in a folder of its own, with empty tables; `remove` ends both. */
export interface OwnStore {
  connection: ChdbConnection;
  remove(): Promise<void>;
}

export async function openOwnStore(): Promise<OwnStore> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-read-history-'));
  const connection = await openChdbConnection({ folder, memory: 1_000_000_000, sessions: 2 });
  await migrate(connection);
  return {
    connection,
    async remove() {
      await connection.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
