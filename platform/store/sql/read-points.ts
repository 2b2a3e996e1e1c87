import type { Connection } from '../connection/engine-connection.ts';
import { READ_SETTINGS } from '../connection/statement-settings.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import type { StoredPoint, StoredPoints } from '../stored-points.ts';
import { boundedSql } from './sequence-sql.ts';
import { foldedWhere, foldInput } from './sql-fold.ts';

/** Points as the Store's `readPoints` gives them. */
export async function readPoints(
  { query, tables }: Connection,
  scope: StoredPoints,
  aggregate: StoreAggregate,
): Promise<StoredPoint[]> {
  const { sequence } = aggregate;
  if (sequence === undefined) return [];
  const { metric, valueLength, partition, before, from, open, after, limit } = scope;
  const where = `${foldedWhere({ from: 0, before })} AND ts >= {from:Int64}`;
  const input = foldInput({ metric, valueLength, rows: [{ partition, where }] }, aggregate, tables);
  const rows = boundedSql(input.sql, sequence.bounds);
  const next =
    'leadInFrame(toNullable(ts)) OVER (PARTITION BY part, dims, member ORDER BY ts, position ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING)';
  type Row = Omit<StoredPoint, 'group' | 'key'> & { dims: string[]; member: string };
  const found = await query<Row>(
    `SELECT dims, member, ts, position.1 AS offset, position.2 AS index, value
     FROM (SELECT *, ifNull(${next} >= {open:Int64}, true) AS isKept FROM (${rows}))
     WHERE isKept AND position > ({afterOffset:Int64}, {afterIndex:Int64})
     ORDER BY position LIMIT {limit:UInt64} ${READ_SETTINGS}`,
    {
      ...input.params,
      from,
      open,
      limit,
      afterOffset: after?.offset ?? -1,
      afterIndex: after?.index ?? -1,
    },
  );
  return found.map(({ dims, member, ...point }) => ({ group: dims, key: member, ...point }));
}
