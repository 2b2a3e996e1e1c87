import type { PaneRow, WindowRow } from '#contracts/log/rows.ts';
import { MISSING } from '#contracts/metric/dimension.ts';
import type { SequenceForm } from '#contracts/metric/sequence.ts';
import { quoteText } from '../connection/bind-params.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { READER_SETTINGS } from '../connection/statement-settings.ts';
import type { Misfits, PreviewTally, ValueType } from '../preview-tally.ts';
import type { BackfillScope, PanePage, PreviewReads, PreviewSize, WindowRange } from '../store.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import { paneRow, type StoredPane } from './clickhouse-rows.ts';
import { propertySql } from './property-texts.ts';
import {
  byPartition,
  foldInput,
  inputParams,
  type PaneTimes,
  rowFacts,
  rowsSql,
  type SqlFoldRows,
  type SqlFoldSource,
  sqlFold,
  whereSql,
  whole,
} from './sql-fold.ts';
import { notInArchive, receivedFrom } from './stored-events.ts';
import { AS_TUPLES, type StoredWindow, windowRow, windowsSql } from './windows-sql.ts';

/** What a definition counts may have any number of groups: beyond some bytes they are merged on the disk. */
const SETTINGS = `${READER_SETTINGS}, max_bytes_before_external_group_by = 200000000`;

const PANE = 'ts - positiveModulo(ts, {pane:Int64})';

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
  const fold = (from: number, to: number) => sqlFold(sourceIn(from, to), aggregate, tables);
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
    async readWindows(range: WindowRange): Promise<WindowRow[]> {
      const statement = windowsSql(range, aggregate, ({ from, to }) => {
        const { sql, params } = fold(from, to);
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
      const select = (table: string): string =>
        `SELECT ${PANE} AS pane FROM ${table} WHERE ${source.where} ${named}`;
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
    tally: (from, to) =>
      tally(
        connection,
        { ...sourceIn(from, to), rows: scope.partitions.map((one) => looked(one, aggregate)) },
        aggregate,
      ),
    async hasBefore(time) {
      const source = { ...sourceIn(0, time), where: `pane < ${whole(time)}` };
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

/** Bounds of receipt and time leave most of the archive unread. */
const spanSql = (pane: number, from: number, to: number): string =>
  `received >= ${whole(receivedFrom(from))} AND ts >= ${whole(from)} AND ts < ${whole(to + pane)}
      AND pane >= ${whole(from)} AND pane < ${whole(to)}`;

const TYPES: Readonly<Record<string, ValueType>> = {
  s: 'text',
  n: 'number',
  x: 'number',
  b: 'boolean',
  '0': 'null',
  a: 'array',
  o: 'object',
};

/** Counts events of the source, late ones included, by the first of a definition's properties that keeps them from being counted, and the type found there. */
async function tally(
  { query, tables }: Connection,
  source: SqlFoldSource,
  { input, path, sequence }: StoreAggregate,
): Promise<PreviewTally> {
  const { metric, rows } = source;
  const field = metric.aggregate.field ?? path ?? null;
  const properties = [
    ...metric.groupBy.map((field) => {
      const sql = propertySql(field, quoteText(MISSING));
      return { field, expected: 'text, number, boolean or null' as const, sql, fits: sql.isText };
    }),
    ...(field !== null && (input === 'number' || input === 'text') ? [inputOf(field, input, sequence)] : []),
    ...(sequence === undefined ? [] : [inputOf('$key', 'text')]),
  ];
  const events = metric.events === null ? [] : ['event IN {events:Array(String)}'];
  const conditions = [
    `(${rows.map(rowsSql).join(' OR ')})`,
    ...(source.where === undefined ? [] : [source.where]),
    ...events,
    ...whereSql(metric.where, source.filter).conditions,
  ];
  const pick = (of: (property: (typeof properties)[number], index: number) => string, other: string) =>
    `multiIf(isLate, ${quoteText(LATE)}, ${properties.map((one, i) => `NOT (${one.fits}), ${of(one, i)}, `).join('')}${other})`;
  const select = (table: string, ...more: string[]): string =>
    `SELECT ${rowFacts(table === tables.archive)}, ${pick((_, i) => quoteText(String(i)), quoteText(COUNTED))} AS fault,
       ${pick(({ sql }) => sql.tag, "''")} AS tag
     FROM ${table} FINAL WHERE ${[...conditions, ...more].join(' AND ')}`;
  const beside = notInArchive(
    tables,
    rows.map(({ partition }) => partition),
  );
  const found = await query<{ fault: string; tag: string; events: number; imported: number }>(
    `SELECT fault, tag, count() AS events, sum(isImported) AS imported
     FROM (${select(tables.archive)} UNION ALL ${select(tables.events, beside)}) GROUP BY fault, tag ${SETTINGS}`,
    inputParams(source),
  );
  const of = (fault: string) => found.filter((row) => row.fault === fault);
  const misfits = properties.flatMap(({ field, expected }, i) =>
    of(String(i)).map(({ tag, events }): Misfits => {
      return { field, expected, found: TYPES[tag] ?? 'null', events };
    }),
  );
  const counted = of(COUNTED)[0];
  return {
    matched: found.reduce((sum, { events }) => sum + events, 0),
    counted: counted?.events ?? 0,
    imported: counted?.imported ?? 0,
    late: of(LATE)[0]?.events ?? 0,
    misfits: misfits.sort((a, b) => b.events - a.events),
  };
}

const LATE = 'late';
const COUNTED = 'counted';

function inputOf(field: string, input: 'number' | 'text', sequence?: SequenceForm) {
  const sql = propertySql(field, quoteText(MISSING));
  const accepted = sequence === undefined ? '' : ` AND ${sequence.sql.accepts(sql.number)}`;
  return input === 'number'
    ? { field, expected: 'number' as const, sql, fits: `${sql.isFinite}${accepted}` }
    : {
        field,
        expected: 'text, number or boolean' as const,
        sql,
        fits: `${sql.isText} AND NOT ${sql.isMissing}`,
      };
}
