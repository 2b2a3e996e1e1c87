import type { RollUpMark } from '#contracts/log/rows.ts';
import { quoteText } from '../connection/bind-params.ts';
import type { Connection, Params } from '../connection/engine-connection.ts';
import { INSERT_SETTINGS_TEXT, READ_SETTINGS } from '../connection/statement-settings.ts';
import type { PaneRange, PaneSpan, RollUp } from '../store.ts';
import type { AggregateOf, StoreAggregate } from '../store-aggregate.ts';
import type { TierSpan } from '../tier-spans.ts';
import { PANE_COLUMNS, STATE_COLUMNS } from './clickhouse-rows.ts';
import { TABLE_OF } from './pane-tiers.ts';

/** Roll-ups in one statement, at most. */
const BATCH = 200;
/**
 * One thread, so that readers run beside it even on one core. Rows come in the order of the key, which the number of a coarse pane
 * follows, so that no more than one of these is in memory at a time.
 */
const ROLL_UP_SETTINGS = `${INSERT_SETTINGS_TEXT}, max_threads = 1, optimize_aggregation_in_order = 1`;

/** Everything that one statement can do: rows of equal tables, merged by equal SQL. */
interface Batch {
  first: RollUp;
  merge: StoreAggregate['sql']['merge'];
  rollUps: RollUp[];
}

/** One statement for all metrics and partitions that are merged alike: each makes a part, and parts are what an engine suffers from. */
export async function rollUp(
  connection: Connection,
  rollUps: readonly RollUp[],
  aggregateOf: AggregateOf,
): Promise<void> {
  const batches = new Map<string, Batch>();
  for (const one of rollUps) {
    const { merge } = aggregateOf(one.metric.aggregate).sql;
    const key = JSON.stringify([one.tier.name, one.source, merge]);
    const batch = batches.get(key) ?? { first: one, merge, rollUps: [] };
    batches.set(key, batch);
    batch.rollUps.push(one);
  }
  for (const batch of batches.values()) {
    for (let i = 0; i < batch.rollUps.length; i += BATCH) {
      const { sql, params } = rollUpSql(connection, { ...batch, rollUps: batch.rollUps.slice(i, i + BATCH) });
      await connection.command(sql, params);
    }
  }
}

/** Of rows that replace each other the highest `next` alone is merged (FINAL): the others are not there any more, or not yet gone. */
function rollUpSql(
  { tables }: Connection,
  { first, merge, rollUps }: Batch,
): { sql: string; params: Params } {
  const params: Record<string, string | number | readonly string[]> = { size: first.tier.size };
  const terms = rollUps.map(({ metric, version, parts, from, to }, i) => {
    Object.assign(params, { [`m${i}`]: metric.id, [`v${i}`]: version, [`p${i}`]: parts });
    Object.assign(params, { [`f${i}`]: from, [`t${i}`]: to });
    return `(metric = {m${i}:String} AND version = {v${i}:UInt64} AND pane >= {f${i}:Int64} AND pane < {t${i}:Int64}
      AND part IN {p${i}:Array(String)})`;
  });
  const merged = Object.entries(STATE_COLUMNS).map(
    ([name, type]) => `CAST(${merge[name as keyof typeof STATE_COLUMNS]}, ${quoteText(type)}) AS new_${name}`,
  );
  const sql = `
    INSERT INTO ${tables[TABLE_OF[first.tier.name]]} (${PANE_COLUMNS.join(', ')}) ${ROLL_UP_SETTINGS}
    SELECT metric, version, slot * {size:Int64}, grp, part, new_nums, new_keys, new_counts, last FROM (
      SELECT metric, version, intDiv(pane, {size:Int64}) AS slot, grp, part,
        ${merged.join(', ')}, max(next) AS last
      FROM ${tables[TABLE_OF[first.source]]} FINAL
      WHERE ${terms.join('\n        OR ')}
      GROUP BY metric, version, slot, grp, part
    )`;
  return { sql, params };
}

export const MARK_COLUMNS = ['metric', 'version', 'part', 'tier', 'upto'];

export const markValues = ({ metric, version, partition, tier, upto }: RollUpMark): unknown[] => [
  metric,
  version,
  partition,
  tier,
  upto,
];

export async function readMarks(
  { query, tables }: Connection,
  of?: { metric: string; version: number },
): Promise<RollUpMark[]> {
  const where = of === undefined ? '' : 'WHERE metric = {metric:String} AND version = {version:UInt64}';
  return query<RollUpMark>(
    `SELECT metric, version, part AS partition, tier, upto FROM ${tables.rollUps} FINAL ${where}
     ORDER BY metric, version, part, tier ${READ_SETTINGS}`,
    of,
  );
}

/** In the order of the key, so that it ends where enough is counted. */
export async function readPaneSpan(
  { query, tables }: Connection,
  { metric, version, from, to }: PaneRange,
  tier: TierSpan['tier'],
  rows: number,
): Promise<PaneSpan | null> {
  const [found] = await query<{ first: number; last: number; counted: number }>(
    `SELECT min(pane) AS first, max(pane) AS last, count() AS counted FROM (
       SELECT pane FROM ${tables[TABLE_OF[tier]]} WHERE metric = {metric:String} AND version = {version:UInt64}
         AND pane >= {from:Int64} AND pane < {to:Int64} ORDER BY metric, version, pane LIMIT {rows:UInt64}
     ) ${READ_SETTINGS}`,
    { metric, version, from, to, rows },
  );
  if (found === undefined || found.counted === 0) return null;
  return { first: found.first, last: found.last, whole: found.counted < rows };
}
