import { type NewOffsets, nextOf } from '#contracts/log/added.ts';
import { addedPart } from '#contracts/log/rows.ts';
import { HOUR } from '#contracts/text/duration.ts';
import { quoteText } from '../connection/bind-params.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { INSERT_SETTINGS_TEXT } from '../connection/statement-settings.ts';
import type { AddedScope } from '../store.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import type { Tables } from '../tables.ts';
import { PANE_COLUMNS } from './clickhouse-rows.ts';
import { byPartition, rowFacts, rowsSql, sqlFold, whole } from './sql-fold.ts';

type AddedRange = AddedScope['partitions'][number];

/** Folds imported and late events into rows of their own part, as `Store.fillAdded` says. */
export async function fillAdded(
  connection: Connection,
  { metric, version, partitions, ...caps }: AddedScope,
  aggregate: StoreAggregate,
): Promise<void> {
  if (aggregate.sequence !== undefined) return;
  const { tables } = connection;
  const rows = partitions.map(({ partition, imports, late }) => ({
    partition,
    where: addedWhere({ ...imports, from: 0 }, { ...late, from: 0 }),
  }));
  const where = `(part, ${hourOf('pane')}) IN (${concernedSql(partitions, tables, metric.events !== null)})`;
  const { sql, params } = sqlFold({ metric, rows, where, ...caps }, aggregate, tables);
  const next = partitions.map((one) => ({ partition: one.partition, value: nextOf(one) }));
  await connection.command(
    `INSERT INTO ${tables.panes} (${PANE_COLUMNS.join(', ')}) ${INSERT_SETTINGS_TEXT}
     SELECT {metric:String}, {version:UInt64}, pane, grp, concat(${quoteText(addedPart(0)[0]!)}, toString(part)),
       new_nums, new_keys, new_counts, ${byPartition(next)}
     FROM (${sql})`,
    { ...params, metric: metric.id, version },
  );
}

export const addedWhere = (imports: NewOffsets, late: NewOffsets): string =>
  `((isImported = 1 AND ${within(imports)}) OR (isLate AND ${within(late)}))`;

const within = ({ from, before }: NewOffsets): string =>
  `offset >= ${whole(from)} AND offset < ${whole(before)}`;

/** The hours, by partition, in which panes begin that new events fall into. */
function concernedSql(
  partitions: readonly AddedRange[],
  { archive, events }: Pick<Tables, 'archive' | 'events'>,
  isNamed: boolean,
): string {
  const rows = partitions.map(({ partition, imports, late }) =>
    rowsSql({ partition, where: addedWhere(imports, late) }),
  );
  const named = isNamed ? ' AND event IN {events:Array(String)}' : '';
  const select = (table: string): string =>
    `SELECT part, ${hourOf('pane')} AS hour, ${rowFacts(table === archive)} FROM ${table} WHERE (${rows.join(' OR ')})${named}`;
  return `SELECT part, hour FROM (${select(archive)} UNION ALL ${select(events)})`;
}

const hourOf = (time: string): string => `${time} - positiveModulo(${time}, ${HOUR})`;
