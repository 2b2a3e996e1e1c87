import { HOUR } from '#contracts/text/duration.ts';
import type { Connection, Params } from '../connection/engine-connection.ts';
import { READ_SETTINGS } from '../connection/statement-settings.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import type { StoredPoint, StoredPoints } from '../stored-points.ts';
import { reachesBounds } from './sequence-sql.ts';
import {
  foldedWhere,
  inputParams,
  type PaneTimes,
  pointsSql,
  type SqlFoldSource,
  sqlFold,
  timesNeeded,
  whole,
} from './sql-fold.ts';

/** The SQL fold of a source, as simple as its events allow. */
export async function planFold(
  connection: Connection,
  source: SqlFoldSource,
  aggregate: StoreAggregate,
): Promise<{ sql: string; params: Params }> {
  const isBounded = await mayExceed(connection, source, aggregate);
  return sqlFold({ ...source, isBounded }, aggregate, connection.tables);
}

/** Points of one statement of a back-fill, but for a single span with more: it sorts them in memory. */
const POINTS_A_FILL = 1_000_000;

/**
 * Cuts the panes of a source at times such that no part has more events than a statement should sort: all from the first event to where
 * the last one holds no more. One part with everything where each event counts by itself: nothing is sorted.
 */
export async function cutFill(
  connection: Connection,
  source: SqlFoldSource,
  aggregate: StoreAggregate,
  most = POINTS_A_FILL,
): Promise<(PaneTimes | undefined)[]> {
  if (aggregate.sequence === undefined) return [undefined];
  const { pane, aggregate: call } = source.metric;
  const span = Math.ceil(HOUR / pane) * pane;
  const rows = pointsSql({ ...source, isBounded: false }, aggregate, connection.tables);
  const spans = await connection.query<{ start: number; count: number }>(
    `SELECT ts - positiveModulo(ts, ${span}) AS start, count() AS count FROM (${rows}) GROUP BY start ORDER BY start ${READ_SETTINGS}`,
    inputParams(source),
  );
  const parts: PaneTimes[] = [];
  let counted = 0;
  for (const { start, count } of spans) {
    const part = parts.at(-1);
    counted += count;
    if (part !== undefined) part.to = start;
    if (part !== undefined && counted <= most) part.to += span;
    else {
      parts.push({ from: start, to: start + span });
      counted = count;
    }
  }
  const last = parts.at(-1);
  if (last !== undefined) last.to += Math.ceil(aggregate.sequence.hold(call) / pane) * pane;
  return parts;
}

async function mayExceed(
  connection: Connection,
  source: SqlFoldSource,
  aggregate: StoreAggregate,
): Promise<boolean> {
  if (aggregate.sequence === undefined) return false;
  const { panes, metric } = source;
  const where = panes === undefined ? source.where : timesNeeded(panes, aggregate.sequence, metric.aggregate);
  const rows = pointsSql({ ...source, where, isBounded: false }, aggregate, connection.tables);
  return reachesBounds(connection, { rows, params: inputParams(source) }, aggregate.sequence.bounds);
}

/** All from `open` on, and of each sequence the last one before. */
const openSql = (rows: string): string => `
  SELECT anyDims AS dims, anyMember AS member, place.1 AS ts, place.2 AS offset, place.3 AS index, lastValue AS value FROM (
    SELECT any(dims) AS anyDims, any(member) AS anyMember, max((ts, offset, index)) AS place, argMax(value, (ts, offset, index)) AS lastValue
    FROM (${rows}) WHERE ts < {open:Int64} GROUP BY part, sequence
  )
  UNION ALL SELECT dims, member, ts, offset, index, value FROM (${rows}) WHERE ts >= {open:Int64}`;

/** Points as the Store's `readPoints` gives them. */
export async function readPoints(
  connection: Connection,
  { metric, valueLength, partition, before, from, open, after, limit }: StoredPoints,
  aggregate: StoreAggregate,
): Promise<StoredPoint[]> {
  if (aggregate.sequence === undefined) return [];
  const where = `${foldedWhere({ from: 0, before })} AND ts >= ${whole(from)}`;
  const source = { metric, valueLength, groups: 0, rows: [{ partition, where }] };
  const isBounded = await mayExceed(connection, source, aggregate);
  const rows = pointsSql({ ...source, isBounded }, aggregate, connection.tables);
  type Row = Omit<StoredPoint, 'group' | 'key'> & { dims: string[]; member: string };
  const found = await connection.query<Row>(
    `SELECT * FROM (${aggregate.sequence.runs?.sql(rows, open, metric.aggregate) ?? openSql(rows)})
     WHERE (offset, index) > ({afterOffset:Int64}, {afterIndex:Int64})
     ORDER BY offset, index LIMIT {limit:UInt64} ${READ_SETTINGS}`,
    {
      ...inputParams(source),
      open,
      limit,
      afterOffset: after?.offset ?? -1,
      afterIndex: after?.index ?? -1,
    },
  );
  return found.map(({ dims, member, ...point }) => ({ group: dims, key: member, ...point }));
}
