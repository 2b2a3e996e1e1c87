import type { WindowRow } from '#contracts/log/rows.ts';
import { OTHER } from '#contracts/metric/dimension.ts';
import { quoteText } from '../connection/bind-params.ts';
import type { Params } from '../connection/engine-connection.ts';
import type { WindowRange } from '../store.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import type { Tables } from '../tables.ts';
import { STATE_COLUMNS } from './clickhouse-rows.ts';

export interface StoredWindow {
  window: number;
  admitted: number;
  dims: string[];
  other: number;
  filled: number;
  nums: number[];
  keys: number[];
  counts: number[];
}

export const windowRow = ({ window, admitted, dims, other, filled, ...state }: StoredWindow): WindowRow => ({
  window,
  group: admitted === 1 ? dims : null,
  other: other === 1,
  filled: filled === 1,
  state: { nums: state.nums, keys: state.keys, counts: state.counts },
});

/** Pane rows merged into a view's windows, ordered by window and group; groups that it does not show come first. */
export function windowsSql(
  { metric, version, from, to, view, after, limit }: WindowRange,
  aggregate: Pick<StoreAggregate, 'sql'>,
  tables: Pick<Tables, 'panes'>,
): { sql: string; params: Params } {
  const dims = view.groupBy.map((dimension) => `grp[${metric.groupBy.indexOf(dimension) + 1}]`);
  const filters = view.where.map(
    ({ dimension }, i) => `grp[${metric.groupBy.indexOf(dimension) + 1}] IN {where${i}:Array(String)}`,
  );
  const other = `has(grp, ${quoteText(OTHER)})`;
  const admitted = filters.length === 0 ? 'true' : filters.join(' AND ');
  const merged = Object.entries(STATE_COLUMNS).map(
    ([name, type]) =>
      `CAST(${aggregate.sql.merge[name as keyof typeof STATE_COLUMNS]}, ${quoteText(type)}) AS new_${name}`,
  );
  const page =
    after === undefined
      ? ''
      : 'AND (window, admitted, dims) > ({window:Int64}, {admitted:UInt8}, {dims:Array(String)})';
  const sql = `
    SELECT window, admitted, dims, other, filled, new_nums AS nums, new_keys AS keys, new_counts AS counts FROM (
      SELECT window, admitted, dims, max(${other}) AS other, max(startsWith(part, '~')) AS filled, ${merged.join(', ')}
      FROM (
        SELECT pane - positiveModulo(pane, {size:Int64}) AS window, toUInt8(${admitted}) AS admitted,
          if(admitted, CAST([${dims.join(', ')}], 'Array(String)'), CAST([], 'Array(String)')) AS dims,
          grp, part, nums, keys, counts
        FROM ${tables.panes} FINAL
        WHERE metric = {metric:String} AND version = {version:UInt64} AND pane >= {from:Int64} AND pane < {to:Int64}
          AND (admitted OR ${other}) ${page}
      )
      GROUP BY window, admitted, dims
    )
    ORDER BY window, admitted, dims${limit === undefined ? '' : ' LIMIT {limit:UInt64}'}`;
  return {
    sql,
    params: {
      metric: metric.id,
      version,
      from: after === undefined ? from : Math.max(from, after.window),
      to,
      size: view.window,
      ...Object.fromEntries(view.where.map(({ values }, i) => [`where${i}`, values])),
      ...(after === undefined
        ? {}
        : { window: after.window, admitted: after.group === null ? 0 : 1, dims: after.group ?? [] }),
      ...(limit === undefined ? {} : { limit }),
    },
  };
}
