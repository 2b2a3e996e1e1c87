import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { MillraceError, shown } from '#contracts/errors.ts';
import { bindParams } from './bind-params.ts';
import type { Connection } from './connection.ts';
import { engineFault } from './engine-fault.ts';
import { INSERT_SETTINGS } from './statement-settings.ts';
import { nameTables, type TableOptions } from './tables.ts';

/** A query may take this long, ms; a back-fill too. */
const REQUEST_TIMEOUT = 300_000;

export interface ServerOptions extends TableOptions {
  /** `http://host:8123` or https; it may carry user and password, which `user` and `password` replace where they are set. */
  url: string;
  user: string;
  password: string;
}

/**
 * What makes the replicas of a cluster one Store: an insert is acknowledged by a majority, and a read sees all that was
 * acknowledged, whichever replica answers. Otherwise a commit row could be read before the rows that it covers.
 */
const CLUSTER_SETTINGS = {
  insert_quorum: 'auto',
  insert_quorum_parallel: 0,
  select_sequential_consistency: '1',
} as const;

/** A ClickHouse server over HTTP, by the official client. Connects on first use. Throws `invalid_settings` for what is no address of a server. */
export function createHttpConnection({ url, user, password, ...options }: ServerOptions): Connection {
  checkUrl(url);
  const tables = nameTables(options);
  const client: ClickHouseClient = createClient({
    url,
    ...(user === '' ? {} : { username: user }),
    ...(password === '' ? {} : { password }),
    application: 'millrace',
    request_timeout: REQUEST_TIMEOUT,
    max_open_connections: 8,
    clickhouse_settings: { async_insert: 0, ...(options.cluster === '' ? {} : CLUSTER_SETTINGS) },
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
    tables,
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

function checkUrl(url: string): void {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return;
  throw new MillraceError({
    code: 'invalid_settings',
    field: 'MILLRACE_CLICKHOUSE_URL',
    message: `MILLRACE_CLICKHOUSE_URL: expected the address of a ClickHouse server such as http://127.0.0.1:8123, got ${shown(url)}.`,
  });
}
