import type { Connection } from './connection.ts';
import { READ_SETTINGS } from './statement-settings.ts';
import type { Store } from './store.ts';

const DAY = 86_400_000;
/** Metrics in one DELETE. */
const BATCH = 100;

/** Deletes by mask (cheap, space returns with the next merge); whole days of events are dropped as files. */
export async function expireRows(
  connection: Connection,
  metrics: Parameters<Store['expire']>[0],
  eventsBefore: number,
): Promise<void> {
  for (let i = 0; i < metrics.length; i += BATCH) await expirePanes(connection, metrics.slice(i, i + BATCH));
  await expireEvents(connection, eventsBefore);
}

async function expirePanes(connection: Connection, metrics: Parameters<Store['expire']>[0]): Promise<void> {
  const params: Record<string, string | number> = {};
  const terms = metrics.map(({ metric, version, before }, i) => {
    params[`m${i}`] = metric;
    params[`v${i}`] = version;
    params[`b${i}`] = before;
    return `(metric = {m${i}:String} AND version = {v${i}:UInt64} AND pane < {b${i}:Int64})`;
  });
  await deleteWhere(connection, 'millrace.panes', terms.join(' OR '), params);
}

async function expireEvents(connection: Connection, before: number): Promise<void> {
  const days = await connection.query<{ partition: string }>(
    `SELECT DISTINCT partition FROM system.parts
     WHERE database = 'millrace' AND table = 'events' AND active AND toInt64(partition) < {day:Int64} ${READ_SETTINGS}`,
    { day: Math.floor(before / DAY) },
  );
  for (const { partition } of days) {
    await connection.command(`ALTER TABLE millrace.events DROP PARTITION ${Number(partition)}`);
  }
  await deleteWhere(connection, 'millrace.events', 'received < {before:Int64}', { before });
}

/** A DELETE touches every part, so none is run for nothing. */
async function deleteWhere(
  connection: Connection,
  table: string,
  where: string,
  params: Record<string, string | number>,
): Promise<void> {
  const found = await connection.query(
    `SELECT 1 FROM ${table} WHERE ${where} LIMIT 1 ${READ_SETTINGS}`,
    params,
  );
  if (found.length > 0) await connection.command(`DELETE FROM ${table} WHERE ${where}`, params);
}
