import { DAY } from '#contracts/text/duration.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { READ_SETTINGS, READER_SETTINGS } from '../connection/statement-settings.ts';
import type { StoredId } from '../store.ts';
import type { Tables } from '../tables.ts';

/*
 * Events are in two tables: `archive`, and until their retention is over those that were stored before it, in `events`. A replay may
 * have put an event of the older table into the newer one as well: the two are equal, and count as one.
 */

/** How far an event may be ahead of its receipt, ms, whatever the settings (WIDEST_SKEW). */
export const AHEAD = DAY;

/** When events of a time and later ones were received at the earliest: days before it are not read. */
export const receivedFrom = (ts: number): number => ts - AHEAD;

type EventTables = Pick<Tables, 'archive' | 'events'>;

/**
 * A condition for rows of the older table in some partitions: that the newer one does not hold them too. By partition, so
 * that where the older table is empty nothing of the newer one is read.
 */
export function notInArchive({ archive, events }: EventTables, partitions: readonly number[]): string {
  const overlap = partitions.map(
    (part) => `(part = ${part} AND offset <= (SELECT maxOrNull(offset) FROM ${events} WHERE part = ${part}))`,
  );
  return `(part, offset, index) NOT IN (SELECT part, offset, index FROM ${archive} WHERE ${overlap.join(' OR ')})`;
}

/**
 * For reads of the archive by time. Copies of an event are equal, in their times as well: none is in a day, or in a granule of the index
 * of times, that a condition on times leaves out while it takes another. The engine would read the whole archive to be sure.
 */
export const BY_TIME_SETTINGS =
  'use_skip_indexes_if_final_exact_mode = 0, defer_partition_pruning_after_final = 0, do_not_merge_across_partitions_select_final = 1';

export async function countEvents({ query, tables }: Connection): Promise<number> {
  const { archive, events } = tables;
  const both = `SELECT newer.part, newer.offset, newer.index FROM ${archive} AS newer
    INNER JOIN (SELECT part, max(offset) AS last FROM ${events} GROUP BY part) AS older ON older.part = newer.part
    WHERE newer.offset <= older.last`;
  const [found] = await query<{ n: number }>(
    `SELECT (SELECT count() FROM ${archive} FINAL)
     + (SELECT count() FROM ${events} FINAL WHERE (part, offset, index) NOT IN (${both})) AS n ${READ_SETTINGS}`,
  );
  return found?.n ?? 0;
}

/** Reads one column: copies of an event are equal, so that none need be told apart. */
export async function readArchiveBegin({ query, tables }: Connection): Promise<number | null> {
  const first = (table: string): string => `SELECT minOrNull(ts) AS ts FROM ${table}`;
  const [found] = await query<{ ts: number | null }>(
    `SELECT min(ts) AS ts FROM (${first(tables.archive)} UNION ALL ${first(tables.events)}) ${READER_SETTINGS}`,
  );
  return found?.ts ?? null;
}

export async function hasEventsBeside({ query, tables }: Connection, idPrefix: string): Promise<boolean> {
  const beside = (table: string): string =>
    `(SELECT 1 AS one FROM ${table} WHERE NOT startsWith(ifNull(id, ''), {idPrefix:String}) LIMIT 1)`;
  const sql = `${beside(tables.archive)} UNION ALL ${beside(tables.events)} ${READ_SETTINGS}`;
  return (await query(sql, { idPrefix })).length > 0;
}

/** Ids as the Store's `readIds` gives them. */
export async function readIds(
  { query, tables }: Connection,
  params: { partition: number; before: number; after: number; limit: number },
): Promise<StoredId[]> {
  const newest = (table: string, ...more: string[]): string => `
    SELECT key, id, offset, index, ts FROM ${table} FINAL
    WHERE ${['part = {partition:UInt32} AND offset < {before:UInt64} AND ts > {after:Int64} AND id IS NOT NULL', ...more].join(' AND ')}
    ORDER BY offset DESC, index DESC LIMIT {limit:UInt64}`;
  const found = await query<StoredId>(
    `SELECT key, id, offset, index, ts FROM (
      SELECT * FROM (${newest(tables.archive)}) UNION ALL SELECT * FROM (${newest(tables.events, notInArchive(tables, [params.partition]))}))
     ORDER BY offset DESC, index DESC LIMIT {limit:UInt64} ${READ_SETTINGS}`,
    params,
  );
  return found.reverse();
}
