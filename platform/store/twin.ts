import { MISSING, OTHER } from '#contracts/dimension.ts';
import type { Metric } from '#contracts/metric.ts';
import type { Condition } from '#contracts/where.ts';
import { quoteText } from './bind-params.ts';
import { STATE_COLUMNS } from './clickhouse-rows.ts';
import type { Params } from './connection.ts';
import { propertySql } from './property-texts.ts';
import type { TwinScope } from './store.ts';
import type { StoreAggregate } from './store-aggregate.ts';
import { notInArchive } from './stored-events.ts';
import type { Tables } from './tables.ts';

/**
 * A metric's fold as SQL: one row a pane and group, columns `pane, grp, new_nums, new_keys, new_counts`. Three levels: states by
 * pane and full group; their rank by first position within the pane; and what is beyond the cap merged (rule 6).
 * A group that is named like the merged one takes none of the places.
 */
export function twinSql(
  scope: TwinScope,
  aggregate: StoreAggregate,
  tables: Pick<Tables, 'archive' | 'events'>,
): { sql: string; params: Params } {
  const { metric } = scope;
  const states = aggregate.sql.state('value', '(ts, part, position.1, position.2)');
  const cast = (name: keyof typeof STATE_COLUMNS, expression: string): string =>
    `CAST(${expression}, '${STATE_COLUMNS[name]}')`;
  const sql = `
    SELECT pane, if(place <= {groups:UInt64}, dims, arrayMap(d -> ${quoteText(OTHER)}, dims)) AS grp,
      ${cast('nums', aggregate.sql.merge.nums)} AS new_nums,
      ${cast('keys', aggregate.sql.merge.keys)} AS new_keys,
      ${cast('counts', aggregate.sql.merge.counts)} AS new_counts
    FROM (
      SELECT pane, dims, nums, keys, counts,
        row_number() OVER (PARTITION BY pane, arrayAll(d -> d = ${quoteText(OTHER)}, dims) ORDER BY first) AS place
      FROM (
        SELECT pane, dims, min(position) AS first,
          ${cast('nums', states.nums)} AS nums, ${cast('keys', states.keys)} AS keys,
          ${cast('counts', states.counts)} AS counts
        FROM (${inputSql(metric, aggregate, tables)})
        GROUP BY pane, dims
      )
    )
    GROUP BY pane, grp`;
  return { sql, params: scopeParams(scope) };
}

/** The events of the scope that the metric counts: position, pane, dims, value. */
function inputSql(
  metric: Metric,
  aggregate: StoreAggregate,
  tables: Pick<Tables, 'archive' | 'events'>,
): string {
  const missing = quoteText(MISSING);
  const dims = metric.groupBy.map((path) => propertySql(path, missing));
  const field =
    aggregate.input === 'none' || metric.aggregate.field === null
      ? null
      : propertySql(metric.aggregate.field, missing);
  const conditions = [
    'part = {partition:UInt32}',
    'offset >= {from:UInt64}',
    'offset < {before:UInt64}',
    '(watermark IS NULL OR ts + {lateness:Int64} > watermark)',
    ...(metric.events === null ? [] : ['event IN {events:Array(String)}']),
    ...metric.where.map((condition, i) => conditionSql(condition, `where${i}`)),
    ...dims.map((d) => d.isText),
    ...(field === null
      ? []
      : [aggregate.input === 'number' ? field.isFinite : `(${field.isText} AND NOT ${field.isMissing})`]),
  ];
  const value = field === null ? '0' : aggregate.input === 'number' ? field.number : field.text;
  const texts = `CAST([${dims.map((d) => d.text).join(', ')}], 'Array(String)')`;
  const select = (from: string, ...more: string[]): string => `
    SELECT (offset, index) AS position, ts, part, ts - positiveModulo(ts, {pane:Int64}) AS pane,
      ${texts} AS texts,
      if(arrayExists(d -> lengthUTF8(d) > {valueLength:UInt64}, texts), arrayMap(d -> ${quoteText(OTHER)}, texts), texts) AS dims, ${value} AS value
    FROM ${from} FINAL
    WHERE ${[...conditions, ...more].join('\n      AND ')}`;
  return `${select(tables.archive)} UNION ALL ${select(tables.events, notInArchive(tables))}`;
}

const COMPARE = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** The same truth as `matches` in contracts/where.ts; the operand is the parameter `name`. */
function conditionSql(condition: Condition, name: string): string {
  const property = propertySql(condition.path, quoteText(MISSING));
  if ('values' in condition) {
    const found = `(${property.isText} AND ${property.text} IN {${name}:Array(String)})`;
    return condition.op === 'in' ? found : `NOT ${found}`;
  }
  return `(${property.isNumber} AND ${property.number} ${COMPARE[condition.op]} {${name}:Float64})`;
}

const scopeParams = ({ metric, partition, from, before, groups, valueLength }: TwinScope): Params => ({
  partition,
  from,
  before,
  groups,
  valueLength: valueLength ?? Number.MAX_SAFE_INTEGER,
  pane: metric.pane,
  lateness: metric.lateness,
  events: metric.events ?? [],
  ...Object.fromEntries(metric.where.map((c, i) => [`where${i}`, 'values' in c ? c.values : c.value])),
});
