import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { READER_SETTINGS } from '../connection/statement-settings.ts';
import type { BackfillScope, PanePage, PreviewReads, PreviewSize, WindowRange } from '../store.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import { paneRow, type StoredPane } from './clickhouse-rows.ts';
import { surveyEvents } from './preview-survey.ts';
import {
  byPartition,
  foldInput,
  inputParams,
  type PaneTimes,
  rowsSql,
  type SqlFoldRows,
  type SqlFoldSource,
  sqlFold,
  whole,
} from './sql-fold.ts';
import { BY_TIME_SETTINGS, receivedFrom } from './stored-events.ts';
import { AS_TUPLES, type StoredWindow, windowRow, windowsSql } from './windows-sql.ts';

/** What a definition counts may have any number of groups: beyond some bytes they are merged on the disk. */
const SETTINGS = `${READER_SETTINGS}, ${BY_TIME_SETTINGS}, max_bytes_before_external_group_by = 200000000`;

/** Parts of a back-fill, so that what is read is what saving would have written. */
const FILLED = "concat('~', toString(part))";

/** Reads of a definition that was never saved, as `PreviewReads` says: each statement folds the archive rows of its range. */
export function createPreview(
  connection: Connection,
  scope: BackfillScope,
  aggregate: StoreAggregate,
): PreviewReads {
  const { tables } = connection;
  const sourceIn = (from: number, to: number) => sourceOf(scope, { from, to }, aggregate);
  const fold = (from: number, to: number, unit?: number) =>
    sqlFold({ ...sourceIn(from, to), unit }, aggregate, tables);
  return {
    async readPanes({ after, limit, from, to }: PanePage): Promise<PaneRow[]> {
      const { sql, params } = fold(Math.max(from, after?.pane ?? from), to);
      const behind =
        after === undefined
          ? ''
          : 'WHERE (pane, grp, own) > ({atPane:Int64}, {group:Array(String)}, {part:String})';
      const next = scope.partitions.map(({ partition, before }) => ({ partition, value: before }));
      const found = await connection.query<StoredPane>(
        `SELECT {metric:String} AS metric, {version:UInt64} AS version, pane, grp, own AS part, nums, keys, counts, next
         FROM (
           SELECT pane, grp, ${FILLED} AS own, new_nums AS nums, new_keys AS keys, new_counts AS counts, ${byPartition(next)} AS next
           FROM (${sql})
         ) ${behind} ORDER BY pane, grp, own ${limit === undefined ? '' : 'LIMIT {limit:UInt64}'} ${SETTINGS}`,
        {
          ...params,
          metric: scope.metric.id,
          version: scope.version,
          ...(limit === undefined ? {} : { limit }),
          ...(after === undefined ? {} : { atPane: after.pane, group: after.group, part: after.part }),
        },
      );
      return found.map(paneRow);
    },
    async readWindows({ unit, ...range }: WindowRange & { unit?: number | undefined }): Promise<WindowRow[]> {
      const statement = windowsSql(range, aggregate, ({ from, to }) => {
        const { sql, params } = fold(from, to, aggregate.sequence === undefined ? unit : undefined);
        const state = 'new_nums AS nums, new_keys AS keys, new_counts AS counts';
        return { sql: `SELECT pane, grp, ${FILLED} AS part, ${state} FROM (${sql})`, params };
      });
      if (statement === null) return [];
      const found = await connection.query<StoredWindow>(
        `${statement.sql} ${SETTINGS}, ${AS_TUPLES}`,
        statement.params,
      );
      return found.map(windowRow);
    },
    async countNamed(from, to) {
      const source = sourceIn(from, to);
      const named = scope.metric.events === null ? '' : 'AND event IN {events:Array(String)}';
      const select = (table: string): string => `SELECT ts FROM ${table} WHERE ${source.where} ${named}`;
      const [found] = await connection.query<{ events: number }>(
        `SELECT count() AS events FROM (${select(tables.archive)} UNION ALL ${select(tables.events)}) ${SETTINGS}`,
        inputParams(source),
      );
      return found?.events ?? 0;
    },
    async measure(from, to) {
      const { sql, params } = fold(from, to);
      const [found] = await connection.query<PreviewSize>(
        `SELECT count() AS rows, uniq(grp) AS groups, max(length) AS largest, sum(length) AS numbers, minOrNull(pane) AS first
         FROM (SELECT pane, grp, length(new_nums) + length(new_keys) + length(new_counts) AS length FROM (${sql})) ${SETTINGS}`,
        params,
      );
      return found ?? { rows: 0, groups: 0, largest: 0, numbers: 0, first: null };
    },
    survey: ({ from, to, unit }) =>
      surveyEvents(
        connection,
        { ...sourceIn(from, to), rows: scope.partitions.map((one) => looked(one, aggregate)), unit },
        { aggregate, settings: SETTINGS },
      ),
    async readArrivals({ after, step, from, to, limit }) {
      const seen = new Map(after.map(({ partition, before }) => [partition, before]));
      const arrived = scope.partitions.map((one) => {
        const since = `offset >= ${whole(seen.get(one.partition) ?? 0)}`;
        return rowsSql({ partition: one.partition, where: `${since} AND ${below(one).where}` });
      });
      const named = scope.metric.events === null ? '' : 'AND event IN {events:Array(String)}';
      // Only the newer table grows, and copies of an event are equal.
      const found = await connection.query<{ start: number }>(
        `SELECT DISTINCT ts - positiveModulo(ts, {step:Int64}) AS start FROM ${tables.archive}
         WHERE (${arrived.join(' OR ')}) AND ts >= ${whole(from)} AND ts < ${whole(to)} ${named}
         ORDER BY start LIMIT {limit:UInt64} ${READER_SETTINGS}`,
        { step, limit, events: scope.metric.events ?? [] },
      );
      return found.map(({ start }) => start);
    },
    async hasBefore(time) {
      const source = { ...sourceIn(0, time), where: `ts < ${whole(time)}` };
      const { sql, params } = foldInput(source, aggregate, tables);
      const found = await connection.query(`SELECT 1 AS one FROM (${sql}) LIMIT 1 ${SETTINGS}`, params);
      return found.length > 0;
    },
  };
}

/** What a back-fill folds and what a fill of imported events does, in panes of [from, to). In sequences imported events have no place. */
function sourceOf(
  { partitions, ...scope }: BackfillScope,
  panes: PaneTimes,
  { sequence }: StoreAggregate,
): SqlFoldSource {
  const counted = sequence === undefined ? 'NOT isLate' : 'NOT isLate AND isImported = 0';
  return {
    ...scope,
    rows: partitions.map((one) => ({ ...below(one), where: `${below(one).where} AND ${counted}` })),
    where: spanSql(scope.metric.pane, panes.from, panes.to),
    filter: 'counts',
    ...(sequence === undefined ? {} : { panes }),
  };
}

/** The rows that a tally looks at: late ones as well. */
const looked = (one: BackfillScope['partitions'][number], { sequence }: StoreAggregate): SqlFoldRows => {
  const { partition, where } = below(one);
  return { partition, where: sequence === undefined ? where : `${where} AND isImported = 0` };
};

const below = ({ partition, before }: BackfillScope['partitions'][number]): SqlFoldRows => ({
  partition,
  where: `offset < ${whole(before)}`,
});

/** Bounds of receipt and time leave most of the archive unread. A pane is in the range where its start is. */
const spanSql = (pane: number, from: number, to: number): string =>
  `received >= ${whole(receivedFrom(from))} AND ts >= ${whole(from)} AND ts < ${whole(ceilTo(to, pane))}
      AND ts >= ${whole(ceilTo(from, pane))}`;

const ceilTo = (time: number, step: number): number => floorTo(time + step - 1, step);
