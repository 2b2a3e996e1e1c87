import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type ChdbSession, loadChdb } from '../connection/load-chdb.ts';

/**
 * A TEST DOUBLE of a ClickHouse server: enough of its HTTP interface for the official client to reach chDB, so that
 * the wire path (statements, row formats, errors) is tested where no server can be installed. It takes no user, no
 * compression and no sessions. Refuses an insert body with an empty line, which chDB would read as SQL.
 */
export async function startClickHouseDouble(
  folder: string,
  { host, port } = { host: '127.0.0.1', port: 0 },
): Promise<{ url: string; close(): Promise<void> }> {
  const openSession = await loadChdb();
  const session = openSession(folder, ['--max_server_memory_usage=1000000000']);
  const server = createServer((request, response) => {
    answer(session, request, response).catch((error: unknown) => refuse(response, error));
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      session.close();
    },
  };
}

async function answer(
  session: ChdbSession,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://double');
  if (url.pathname === '/ping') return void response.end('Ok.\n');
  const body = await text(request);
  const query = url.searchParams.get('query');
  const sql = query === null ? body : insertSql(query, body, url.searchParams);
  const result = await session.queryAsync(sql, { format: 'TabSeparated' });
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  response.setHeader('X-ClickHouse-Summary', '{"read_rows":"0","written_rows":"0"}');
  response.end(result.text());
}

function insertSql(query: string, body: string, params: URLSearchParams): string {
  const match = /^\s*(INSERT INTO [\s\S]+?)\s+FORMAT (\w+)\s*$/i.exec(query);
  if (match === null) return `${query}\n${body}`;
  if (/\n\s*\n/.test(body))
    throw new Error('Code: 27. DB::Exception: The double takes no empty line in a body.');
  const own = new Set(['query', 'query_id', 'database', 'default_format']);
  const settings = [...params]
    .filter(([name]) => !own.has(name))
    .map(([name, value]) => `${name} = ${Number(value)}`);
  const clause = settings.length === 0 ? '' : `SETTINGS ${settings.join(', ')}`;
  return `${match[1]} ${clause} FORMAT ${match[2]} ${body}`;
}

function refuse(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const code = /Code: (\d+)/.exec(message)?.[1] ?? '1002';
  response.statusCode = code === '1002' ? 500 : 400;
  response.setHeader('X-ClickHouse-Exception-Code', code);
  response.end(/^Code:/.test(message) ? message : `Code: ${code}. DB::Exception: ${message} (STD_EXCEPTION)`);
}
