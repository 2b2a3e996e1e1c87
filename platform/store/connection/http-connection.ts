import { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { MillraceError } from '#contracts/errors.ts';
import { MINUTE } from '#contracts/text/duration.ts';
import { nameTables, type TableOptions } from '../tables.ts';
import { bindParams } from './bind-params.ts';
import type { Connection } from './engine-connection.ts';
import { engineFault } from './engine-fault.ts';
import { insertTexts } from './insert-text.ts';
import { parseRows } from './parse-rows.ts';
import { INSERT_SETTINGS, MAX_QUERY } from './statement-settings.ts';

/**
 * How long a server may be silent before a call to it is given up, ms: a connection can break without notice, and readers
 * of a board wait. A back-fill sends nothing until it is done.
 */
const SILENCE = { call: MINUTE, command: 5 * MINUTE };

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
export function createHttpConnection(options: ServerOptions, silence = SILENCE): Connection {
  checkUrl(options.url);
  const tables = nameTables(options);
  const calls = openClient(options, silence.call);
  const commands = openClient(options, silence.command);
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
        const result = await calls.query({ query: bindParams(sql, params), format: 'JSONEachRow' });
        return parseRows<T>(await result.text());
      }),
    async insert(table, columns, rows) {
      const query = `INSERT INTO ${table} (${columns.join(', ')}) FORMAT JSONCompactEachRow`;
      // As text: the client's own encoder turns a whole batch into text in one call.
      for await (const text of insertTexts(rows)) {
        const values = Readable.from([text], { objectMode: false });
        await guard(async () => {
          const { stream } = await calls.exec({ query, values, clickhouse_settings: INSERT_SETTINGS });
          stream.destroy();
        });
      }
    },
    command: (sql, params = {}) =>
      guard(async () => {
        await commands.command({ query: bindParams(sql, params) });
      }),
    close: async () => {
      await Promise.all([calls.close(), commands.close()]);
    },
  };
}

const openClient = ({ url, user, password, cluster }: ServerOptions, silence: number): ClickHouseClient =>
  createClient({
    url,
    ...(user === '' ? {} : { username: user }),
    ...(password === '' ? {} : { password }),
    application: 'millrace',
    // By the client's source it counts from the last byte, not from the beginning.
    request_timeout: silence,
    max_open_connections: 8,
    clickhouse_settings: {
      async_insert: 0,
      max_query_size: String(MAX_QUERY),
      ...(cluster === '' ? {} : CLUSTER_SETTINGS),
    },
    // Faults travel as coded errors; the caller logs them.
    log: { level: ClickHouseLogLevel.OFF },
  });

/** Shows no more than the scheme: an invalid address may hold a password anywhere. */
function checkUrl(url: string): void {
  const scheme = /^([a-z][a-z\d+.-]{0,20}):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (URL.canParse(url) && (scheme === 'http' || scheme === 'https')) return;
  const got = scheme === undefined ? 'a text that is none' : `one that begins with ${scheme}://`;
  throw new MillraceError({
    code: 'invalid_settings',
    field: 'MILLRACE_CLICKHOUSE_URL',
    message: `MILLRACE_CLICKHOUSE_URL: expected the address of a ClickHouse server such as http://127.0.0.1:8123, got ${got}.`,
  });
}
