import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import { type Filter, pathsIn } from '#contracts/filter/filter.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';
import type { Definition } from './fold-work.ts';

/** A metric of the fold benches as a GROUP BY over the text of the events, as a ClickHouse user would write it. */
const TYPES: Record<string, string> = {
  country: 'String',
  plan: 'String',
  user: 'String',
  amount: 'Float64',
  latency_ms: 'Float64',
};
/** One thread throughout: what is compared is a core. */
const ONE_THREAD = 'SETTINGS max_threads = 1, input_format_parallel_parsing = 0';

export function readMetrics(definitions: readonly Definition[]): Metric[] {
  return definitions.map((definition, i) => {
    const read = parseMetric(`m${i}`, definition, { checkAggregate, horizon: 3_600_000 });
    if (!read.ok) throw new Error(read.fault.message);
    return read.value;
  });
}

const pathsOf = (metric: Metric): string[] => [
  ...pathsIn(metric.where),
  ...metric.groupBy,
  ...(metric.aggregate.field === null ? [] : [metric.aggregate.field]),
];

/** The file's columns that these metrics need, and no other: the reader skips what is not named. */
function fileSql(path: string, metrics: readonly Metric[], once = false): string {
  const paths = [...new Set(metrics.flatMap(pathsOf))];
  const properties = `properties Tuple(${paths.map((p) => `${p} ${TYPES[p]}`).join(', ')})`;
  const ids = once ? 'id String, key String, ' : '';
  return `file('${path}', 'JSONEachRow', 'event String, timestamp Int64, ${ids}${properties}')`;
}

/** Reads the text into typed columns in memory, so that many metrics need one pass over it. `once`: each (key, id) once. */
export const loadSql = (path: string, metrics: readonly Metric[], once: boolean): string =>
  `CREATE TABLE parsed ENGINE = Memory AS SELECT event, timestamp, properties
   FROM ${fileSql(path, metrics, once)} ${once ? 'LIMIT 1 BY key, id' : ''} ${ONE_THREAD}`;

/** One row a pane and group. `native`: sketches of ClickHouse's own in `nums`, in place of the state that both engines share. */
export function groupSql(metric: Metric, from: { path: string } | 'parsed', native: boolean): string {
  const aggregate = aggregateOf(metric.aggregate);
  const value = metric.aggregate.field === null ? '0' : `properties.${metric.aggregate.field}`;
  const shared = aggregate.sql.state(value, '(timestamp, 0, 0, 0)');
  const { nums, keys, counts } = (native ? nativeState(metric, value) : null) ?? shared;
  const conditions = [
    ...(metric.events === null ? [] : [`event IN (${metric.events.map((e) => `'${e}'`).join(', ')})`]),
    ...metric.where.map(conditionSql),
  ];
  return `
    SELECT timestamp - positiveModulo(timestamp, ${metric.pane}) AS pane,
      CAST([${metric.groupBy.map((d) => `properties.${d}`).join(', ')}], 'Array(String)') AS grp,
      CAST(${nums}, 'Array(Float64)') AS nums, CAST(${keys}, 'Array(UInt32)') AS keys,
      CAST(${counts}, 'Array(UInt64)') AS counts
    FROM ${from === 'parsed' ? 'parsed' : fileSql(from.path, [metric])}
    ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
    GROUP BY pane, grp ${ONE_THREAD}`;
}

/** Sketches that ClickHouse has built in; null where the shared state is already its own. */
function nativeState(metric: Metric, value: string): Record<'nums' | 'keys' | 'counts', string> | null {
  const { name, args } = metric.aggregate;
  const none = { keys: '[]', counts: '[]' };
  if (name === 'quantiles') return { ...none, nums: `quantilesDD(0.01, ${args.join(', ')})(${value})` };
  if (name === 'distinct') return { ...none, nums: `[uniqCombined(14)(${value})]` };
  return null;
}

const COMPARE = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

function conditionSql(condition: Filter): string {
  if (!('values' in condition) && !('value' in condition)) throw new Error(`No bench has ${condition.op}.`);
  const column = `properties.${condition.path}`;
  if (!('values' in condition)) return `${column} ${COMPARE[condition.op]} ${condition.value}`;
  const list = condition.values.map((v) => `'${v}'`).join(', ');
  return `${column} ${condition.op === 'in' ? 'IN' : 'NOT IN'} (${list})`;
}
