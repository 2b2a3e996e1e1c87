import { comparePositions, type EventPosition } from '#contracts/event/event-position.ts';
import type { Connection, Params } from '../connection/engine-connection.ts';
import { READER_SETTINGS } from '../connection/statement-settings.ts';
import type { EventQuery } from '../event-query.ts';
import { IS_COUNTED, type JudgedSql } from './judged-sql.ts';
import { whereSql, whole } from './sql-fold.ts';
import { AHEAD, receivedFrom } from './stored-events.ts';

/** All events from `start` on that come before `before`. */
export interface EventWindow {
  start: number;
  before: EventPosition;
}

/** The place that all events of a time, and later ones, do not come before. */
export const startOf = (ts: number): EventPosition => ({ ts, part: 0, offset: 0, index: 0 });

/** The place that all events of the query come before, and when the newest event of all was received; null without events. */
export async function newestPlace(
  { query, tables }: Connection,
  { to, before }: EventQuery,
): Promise<{ before: EventPosition; received: number } | null> {
  const newest = (table: string): string => `SELECT count() AS n, max(received) AS received FROM ${table}`;
  const found = await query<{ n: number; received: number }>(
    `${newest(tables.archive)} UNION ALL ${newest(tables.events)} ${KNOWN_SETTINGS}`,
  );
  const receipts = found.filter(({ n }) => n > 0).map(({ received }) => received);
  if (receipts.length === 0) return null;
  const received = Math.max(...receipts);
  const places = [
    startOf(received + AHEAD + 1),
    ...(to === undefined ? [] : [startOf(to)]),
    ...(before ? [before] : []),
  ];
  return { before: places.reduce((a, b) => (comparePositions(b, a) < 0 ? b : a)), received };
}

/** The engine knows the bounds of what a table is partitioned by without reading rows, as long as it does not ask which are deleted. */
const KNOWN_SETTINGS = `${READER_SETTINGS}, apply_patch_parts = 0, apply_deleted_mask = 0`;

export const IN_WINDOW =
  'received >= {receivedFrom:Int64} AND ts >= {start:Int64} AND ts <= {ts:Int64} AND (ts, part, offset, index) < ({ts:Int64}, {part:UInt32}, {offset:UInt64}, {index:UInt32})';
export const windowParams = ({ start, before }: EventWindow): Params => ({
  receivedFrom: receivedFrom(start),
  start,
  ...before,
});

/** Cuts a window to its newest rows, `most` and those of the same millisecond, and returns how many were counted. */
export async function newestRows(
  { query, tables }: Connection,
  window: EventWindow,
  most: number,
): Promise<{ window: EventWindow; rows: number }> {
  const times = (table: string): string => `SELECT ts FROM ${table} WHERE ${IN_WINDOW}`;
  const [found] = await query<{ rows: number; first: number | null }>(
    `SELECT count() AS rows, minOrNull(ts) AS first FROM (
      SELECT ts FROM (${times(tables.archive)} UNION ALL ${times(tables.events)}) ORDER BY ts DESC LIMIT {most:UInt64}
    ) ${READER_SETTINGS}`,
    { ...windowParams(window), most },
  );
  const { rows = 0, first = null } = found ?? {};
  return { rows, window: rows < most || first === null ? window : { ...window, start: first } };
}

const positionSql = ({ part, offset, index }: Omit<EventPosition, 'ts'>): string =>
  `part = ${whole(part)} AND offset = ${whole(offset)} AND index = ${whole(index)}`;

/** A query, with the SQL of what it counts. */
export interface PlacesQuery extends EventQuery {
  judged?: JudgedSql | undefined;
}

/** The newest `limit` places in a window of what the query asks for, copies included. */
export async function readPlaces(
  { query, tables }: Connection,
  { events, key, id, position, where, judged }: PlacesQuery,
  window: EventWindow,
  limit: number,
): Promise<EventPosition[]> {
  const conditions = [
    IN_WINDOW,
    ...(events === undefined ? [] : ['event IN {events:Array(String)}']),
    ...(key === undefined ? [] : ['key = {key:String}']),
    ...(id === undefined ? [] : ['id = {id:String}']),
    ...(position === undefined ? [] : [positionSql(position)]),
    ...whereSql(where).conditions,
  ];
  const newest = 'ORDER BY ts DESC, part DESC, offset DESC, index DESC LIMIT {limit:UInt64}';
  const columns = ['ts', 'part', 'offset', 'index'];
  const select = (table: string): string => {
    const found = judged
      ? `SELECT ${columns} FROM (${judged.select(table, columns, conditions)}) WHERE ${IS_COUNTED}`
      : `SELECT ${columns} FROM ${table} WHERE ${conditions.join(' AND ')}`;
    return `SELECT * FROM (${found} ${newest})`;
  };
  return query<EventPosition>(
    `SELECT ts, part, offset, index FROM (${select(tables.archive)} UNION ALL ${select(tables.events)}) ${newest} ${READER_SETTINGS}`,
    {
      ...windowParams(window),
      limit,
      ...(events === undefined ? {} : { events }),
      ...(key === undefined ? {} : { key }),
      ...(id === undefined ? {} : { id }),
      ...whereSql(where).params,
      ...judged?.params,
    },
  );
}
