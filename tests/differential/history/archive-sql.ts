import type { Metric } from '#contracts/metric/metric.ts';
import type { Connection } from '#platform/store/connection/engine-connection.ts';
import { propertySql } from '#platform/store/sql/property-texts.ts';
import type { Asked } from './asked-views.ts';
import type { World } from './history-world.ts';
import type { Period } from './local-periods.ts';

const AT = '(ts, part, offset, `index`)';

/** Plain ClickHouse for what is exact; `v` is the value. Not here: sketches, which are compared otherwise. */
const EXACT: Readonly<Record<string, string>> = {
  count: 'count()',
  rate: 'count() * 1000 / any(elapsed)',
  sum: 'sum(v)',
  avg: 'avg(v)',
  variance: 'varPopStable(v)',
  stddev: 'stddevPopStable(v)',
  min: 'min(v)',
  max: 'max(v)',
  first: `argMin(v, ${AT})`,
  last: `argMax(v, ${AT})`,
  distinct: 'uniqExact(v)',
};

interface Scope {
  metric: Metric;
  asked: Asked;
  windows: readonly Period[];
  cut: number;
}

/** Whether the archive alone says what the view must show: names of groups beyond the cap are not in it, nor which are the highest. */
export const isInArchive = ({ cap }: World, { metric, asked }: Pick<Scope, 'metric' | 'asked'>): boolean =>
  metric.aggregate.name in EXACT &&
  asked.top === null &&
  (cap > 100 || (asked.groupBy.length === 0 && Object.keys(asked.where).length === 0));

/** Window and group → value, by a query over the archived events and nothing else. */
export async function queryArchive(
  { query, tables }: Connection,
  { sources }: World,
  { metric, asked, windows, cut }: Scope,
): Promise<Map<string, number>> {
  const text = (path: string): string => propertySql(path, "'__missing__'").text;
  const { field, name } = metric.aggregate;
  const property = field === null ? null : propertySql(field, "'__missing__'");
  const isText = name === 'distinct';
  const value = property === null ? '0' : isText ? property.text : property.number;
  const counted = sources.map(
    ({ partition, imports, late }) =>
      `(part = ${partition} AND if(imported = 1, offset < ${imports}, NOT isLate OR offset < ${late}))`,
  );
  const conditions = [
    `(${counted.join(' OR ')})`,
    ...(metric.events === null ? [] : ['event IN {events:Array(String)}']),
    ...metric.where.map(() => `${text('c')} != 'FR'`),
    ...Object.entries(asked.where).map(([path], i) => `${text(path)} IN {where${i}:Array(String)}`),
    ...(property === null ? [] : [isText ? `NOT ${property.isMissing}` : property.isFinite]),
  ];
  const group = `CAST([${asked.groupBy.map(text).join(', ')}], 'Array(String)')`;
  const sql = `
    SELECT w.1 AS window, grp, ${EXACT[name]} AS found FROM (
      SELECT ts, part, offset, \`index\`, v, grp, w, least(w.2, {cut:Int64}) - w.1 AS elapsed FROM (
        SELECT ts, part, offset, \`index\`, ${value} AS v, ${group} AS grp, ts - positiveModulo(ts, {pane:Int64}) AS pane,
          watermark IS NOT NULL AND ts + {lateness:Int64} <= watermark AS isLate
        FROM ${tables.archive} FINAL WHERE ${conditions.join(' AND ')}
      ) ARRAY JOIN arrayZip({starts:Array(Int64)}, {ends:Array(Int64)}) AS w
      WHERE pane >= w.1 AND pane < w.2 AND pane < {cut:Int64}
    ) GROUP BY window, grp SETTINGS output_format_json_quote_64bit_integers = 0`;
  const rows = await query<{ window: number; grp: string[]; found: number }>(sql, {
    pane: metric.pane,
    lateness: metric.lateness,
    cut: Math.min(cut, Number.MAX_SAFE_INTEGER),
    starts: windows.map(({ start }) => `${start}`),
    ends: windows.map(({ end }) => `${end}`),
    events: metric.events ?? [],
    ...Object.fromEntries(Object.values(asked.where).map((values, i) => [`where${i}`, values])),
  });
  return new Map(rows.map(({ window, grp, found }) => [`${window} ${JSON.stringify(grp)}`, found]));
}
