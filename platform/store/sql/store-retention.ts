import { DAY } from '#contracts/text/duration.ts';
import { eachApart } from '#platform/process/tasks/each-apart.ts';
import type { Connection, Params } from '../connection/engine-connection.ts';
import { READ_SETTINGS } from '../connection/statement-settings.ts';
import type { Store } from '../store.ts';

/** Metrics in one DELETE. */
const BATCH = 100;

/** The column by whose day a table is partitioned. */
const TIME_OF = { panes: 'pane', archive: 'received', events: 'received' } as const;

/** Deletes by mask (cheap, space returns with the next merge); whole days of events are dropped as files. */
export async function expireRows(
  connection: Connection,
  metrics: Parameters<Store['expire']>[0],
  eventsBefore: number,
): Promise<void> {
  const steps = (['archive', 'events'] as const).map(
    (table) => () => expireEvents(connection, table, eventsBefore),
  );
  for (let i = 0; i < metrics.length; i += BATCH)
    steps.push(() => expirePanes(connection, metrics.slice(i, i + BATCH)));
  await eachApart(steps, (step) => step());
}

async function expirePanes(connection: Connection, metrics: Parameters<Store['expire']>[0]): Promise<void> {
  const params: Record<string, string | number> = {};
  const terms = metrics.map(({ metric, version, before }, i) => {
    params[`m${i}`] = metric;
    params[`v${i}`] = version;
    params[`b${i}`] = before;
    return `(metric = {m${i}:String} AND version = {v${i}:UInt64} AND pane < {b${i}:Int64})`;
  });
  await deleteWhere(connection, 'panes', `(${terms.join(' OR ')})`, params);
}

async function expireEvents(
  connection: Connection,
  table: 'archive' | 'events',
  before: number,
): Promise<void> {
  const today = Math.floor(before / DAY);
  const days = await daysWhere(connection, table, 'received < {before:Int64}', { before });
  await eachApart(
    days.filter((day) => day < today),
    (day) => connection.command(`ALTER TABLE ${connection.tables[table]} DROP PARTITION ${day}`),
  );
  await deleteWhere(connection, table, 'received < {before:Int64}', { before });
}

/** As a patch beside the parts: the default kind of DELETE rewrites every part of the table, one background task each. */
async function deleteWhere(
  connection: Connection,
  table: keyof typeof TIME_OF,
  where: string,
  params: Params,
): Promise<void> {
  const days = await daysWhere(connection, table, where, params);
  if (days.length === 0) return;
  await connection.command(
    `DELETE FROM ${connection.tables[table]} WHERE ${where} SETTINGS lightweight_delete_mode = 'lightweight_update'`,
    params,
  );
}

async function daysWhere(
  connection: Connection,
  table: keyof typeof TIME_OF,
  where: string,
  params: Params,
): Promise<number[]> {
  const found = await connection.query<{ day: number }>(
    `SELECT DISTINCT intDiv(${TIME_OF[table]}, ${DAY}) AS day FROM ${connection.tables[table]} WHERE ${where} ORDER BY day ${READ_SETTINGS}`,
    params,
  );
  return found.map((row) => Number(row.day));
}
