import type { Connection } from '../connection/engine-connection.ts';
import { READ_SETTINGS } from '../connection/statement-settings.ts';
import type { ErasedEvents } from '../store.ts';
import { deleteWhere } from './store-retention.ts';

const OF_KEY = 'key = {key:String}';

/** Removes the events of a key from both tables, as `Store.eraseEvents` says. */
export async function eraseEvents(connection: Connection, key: string): Promise<ErasedEvents> {
  const { query, tables } = connection;
  const select = (table: string): string => `SELECT event, part, offset, index FROM ${table} WHERE ${OF_KEY}`;
  const found = await query<{ event: string; n: number }>(
    `SELECT event, uniqExact(part, offset, index) AS n
     FROM (${select(tables.archive)} UNION ALL ${select(tables.events)}) GROUP BY event ORDER BY event ${READ_SETTINGS}`,
    { key },
  );
  for (const table of ['archive', 'events'] as const) await deleteWhere(connection, table, OF_KEY, { key });
  return { events: found.reduce((sum, { n }) => sum + n, 0), names: found.map(({ event }) => event) };
}
