import { DAY } from '#contracts/text/duration.ts';
import { eachApart } from '#platform/process/tasks/each-apart.ts';
import type { Connection, Params } from '../connection/engine-connection.ts';
import { READ_SETTINGS } from '../connection/statement-settings.ts';
import type { Expiry, PaneExpiry } from '../store.ts';
import { TABLE_OF } from './pane-tiers.ts';

/** Terms in one DELETE. */
const BATCH = 100;

/** The column by which a table's rows grow old. */
const TIME_OF = {
  panes: 'pane',
  panesMinute: 'pane',
  panesHour: 'pane',
  archive: 'received',
  events: 'received',
} as const;

/** Deletes by mask (cheap, space returns with the next merge); whole days of events are dropped as files. */
export async function expireRows(
  connection: Connection,
  { panes, gone, eventsBefore }: Expiry,
): Promise<void> {
  const steps = (['archive', 'events'] as const).map(
    (table) => () => expireEvents(connection, table, eventsBefore),
  );
  for (const tier of ['pane', 'minute', 'hour'] as const) {
    const terms = [...panes.filter((one) => one.tier === tier).map(agedTerm), ...gone.map(goneTerm)];
    steps.push(
      ...batchesOf(terms, (where, params) => deleteWhere(connection, TABLE_OF[tier], where, params)),
    );
  }
  const deleteMarks = (where: string, params: Params) =>
    connection.command(`DELETE FROM ${connection.tables.rollUps} WHERE ${where} ${DELETE_SETTINGS}`, params);
  steps.push(...batchesOf(gone.map(goneTerm), deleteMarks));
  await eachApart(steps, (step) => step());
}

/** A condition on rows; the number makes the names of its parameters its own. */
type Term = (i: number) => { sql: string; params: Params };

const agedTerm =
  ({ metric, version, before, parts }: PaneExpiry): Term =>
  (i) => {
    const { sql, params } = goneTerm({ metric, version })(i);
    const ofParts = parts === null ? '' : ` AND part IN {p${i}:Array(String)}`;
    return {
      sql: `${sql} AND pane < {b${i}:Int64}${ofParts}`,
      params: { ...params, [`b${i}`]: before, ...(parts === null ? {} : { [`p${i}`]: parts }) },
    };
  };

const goneTerm =
  ({ metric, version }: Expiry['gone'][number]): Term =>
  (i) => ({
    sql: `metric = {m${i}:String} AND version = {v${i}:UInt64}`,
    params: { [`m${i}`]: metric, [`v${i}`]: version },
  });

/** Steps that each do away with what a batch of terms says. */
function batchesOf(
  terms: readonly Term[],
  work: (where: string, params: Params) => Promise<void>,
): (() => Promise<void>)[] {
  const steps: (() => Promise<void>)[] = [];
  for (let i = 0; i < terms.length; i += BATCH) {
    const batch = terms.slice(i, i + BATCH).map((term, at) => term(at));
    const where = batch.map(({ sql }) => `(${sql})`).join(' OR ');
    const params = Object.assign({}, ...batch.map((one) => one.params)) as Params;
    steps.push(() => work(`(${where})`, params));
  }
  return steps;
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
const DELETE_SETTINGS = "SETTINGS lightweight_delete_mode = 'lightweight_update'";

/** Deletes rows of a table, where there are any. */
export async function deleteWhere(
  connection: Connection,
  table: keyof typeof TIME_OF,
  where: string,
  params: Params,
): Promise<void> {
  const days = await daysWhere(connection, table, where, params);
  if (days.length === 0) return;
  await connection.command(
    `DELETE FROM ${connection.tables[table]} WHERE ${where} ${DELETE_SETTINGS}`,
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
