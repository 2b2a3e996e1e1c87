import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { bindParams } from './bind-params.ts';
import type { Connection } from './connection.ts';
import { engineFault } from './engine-fault.ts';
import { INSERT_SETTINGS } from './statement-settings.ts';

/** A query may take this long, ms; a back-fill too. */
const REQUEST_TIMEOUT = 300_000;

/** A ClickHouse server over HTTP, by the official client. `url` may carry user, password and port. Connects on first use. */
export function createHttpConnection(url: string): Connection {
  const client: ClickHouseClient = createClient({
    url,
    application: 'millrace',
    request_timeout: REQUEST_TIMEOUT,
    max_open_connections: 8,
    clickhouse_settings: { async_insert: 0 },
    // Faults travel as coded errors; the caller logs them.
    log: { level: ClickHouseLogLevel.OFF },
  });
  const guard = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw engineFault(error);
    }
  };
  return {
    query: <T>(sql: string, params = {}) =>
      guard(async () => {
        const result = await client.query({ query: bindParams(sql, params), format: 'JSONEachRow' });
        return result.json<T>();
      }),
    insert: (table, columns, rows) =>
      guard(async () => {
        if (rows.length === 0) return;
        await client.insert({
          table,
          columns: columns as [string, ...string[]],
          values: rows,
          format: 'JSONCompactEachRow',
          clickhouse_settings: INSERT_SETTINGS,
        });
      }),
    command: (sql, params = {}) =>
      guard(async () => {
        await client.command({ query: bindParams(sql, params) });
      }),
    close: () => client.close(),
  };
}
