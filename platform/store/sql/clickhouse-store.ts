import type { KeyUse, PaneRow } from '#contracts/log/rows.ts';
import { HOUR } from '#contracts/text/duration.ts';
import type { Connection, Params } from '../connection/engine-connection.ts';
import { INSERT_SETTINGS_TEXT, READ_SETTINGS, READER_SETTINGS } from '../connection/statement-settings.ts';
import { firstPane } from '../first-pane.ts';
import type { BackfillScope, PaneCount, Store, TierRange, TierRow } from '../store.ts';
import type { AggregateOf } from '../store-aggregate.ts';
import { fillAdded } from './added-events.ts';
import * as rows from './clickhouse-rows.ts';
import { countGroups } from './count-groups.ts';
import { eraseEvents } from './erase-events.ts';
import { createJudgedReads } from './judged-reads.ts';
import { createKnownMarks, type KnownMarks, withUnmarked } from './known-marks.ts';
import { migrate } from './migrations.ts';
import type { PaneSource } from './pane-source.ts';
import { paneSource, TABLE_OF } from './pane-tiers.ts';
import { cutFill, planFold, readPoints } from './plan-sequences.ts';
import { createPreview } from './preview-reads.ts';
import { readEvents } from './read-events.ts';
import { MARK_COLUMNS, markValues, readMarks, readPaneSpan, rollUp } from './roll-up-sql.ts';
import { readSample, readSpans } from './sample-events.ts';
import { byPartition, foldedWhere } from './sql-fold.ts';
import { expireRows } from './store-retention.ts';
import { countEvents, hasEventsBeside, readArchiveBegin, readIds } from './stored-events.ts';
import { AS_TUPLES, type StoredWindow, windowRow, windowsSql } from './windows-sql.ts';

const IN_RANGE =
  'metric = {metric:String} AND version = {version:UInt64} AND pane >= {from:Int64} AND pane < {to:Int64}';
const BEHIND = '(pane, grp, part) > ({pane:Int64}, {group:Array(String)}, {part:String})';

export interface ClickHouseStoreDeps {
  aggregateOf: AggregateOf;
  /** As `cutFill` has it. */
  pointsAFill?: number;
}

/** The Store over ClickHouse, wherever the connection leads. Owns the connection: `close` closes it. */
export function createClickHouseStore(connection: Connection, deps: ClickHouseStoreDeps): Store {
  const { tables } = connection;
  const knownMarks = createKnownMarks(connection);
  return {
    migrate: () => migrate(connection),
    insertPanes: (list) => connection.insert(tables.panes, rows.PANE_COLUMNS, mapped(list, rows.paneValues)),
    insertEvents: (list) =>
      connection.insert(tables.archive, rows.EVENT_COLUMNS, mapped(list, rows.eventValues)),
    insertCommits: (list) =>
      connection.insert(tables.commits, rows.COMMIT_COLUMNS, mapped(list, rows.commitValues)),
    async readCommits() {
      const found = await connection.query<rows.StoredCommit>(
        `SELECT part, next, identity, facts FROM ${tables.commits} FINAL ORDER BY part ${READ_SETTINGS}`,
      );
      return found.map(rows.commitRow);
    },
    ...createReads(connection, deps.aggregateOf, knownMarks),
    readIds: (partition, before, after, limit) => readIds(connection, { partition, before, after, limit }),
    readPoints: (scope) => readPoints(connection, scope, deps.aggregateOf(scope.metric.aggregate)),
    readVersions: () => readVersions(connection),
    readArchiveBegin: () => readArchiveBegin(connection),
    countEvents: () => countEvents(connection),
    readEvents: (query) => readEvents(connection, query, deps.aggregateOf),
    ...createJudgedReads(connection, deps.aggregateOf),
    countGroups: (query) => countGroups(connection, query, deps.aggregateOf(query.metric.aggregate)),
    hasEventsBeside: (idPrefix) => hasEventsBeside(connection, idPrefix),
    async runSqlFold(scope) {
      const aggregate = deps.aggregateOf(scope.metric.aggregate);
      // A sequence goes back beyond where the scope begins.
      const from = aggregate.sequence === undefined ? scope.from : 0;
      const where = foldedWhere({ from, before: scope.before });
      const source = { ...scope, rows: [{ partition: scope.partition, where }] };
      const { sql, params } = await planFold(connection, source, aggregate);
      const found = await connection.query<rows.StoredPane>(
        `SELECT {metric:String} AS metric, {version:UInt64} AS version, pane, grp, toString(part) AS part,
         new_nums AS nums, new_keys AS keys, new_counts AS counts, {before:UInt64} AS next
         FROM (${sql}) ORDER BY pane, grp ${READ_SETTINGS}`,
        { ...params, metric: scope.metric.id, version: scope.version, before: scope.before },
      );
      return found.map(rows.paneRow);
    },
    backfill: (scope) => fillIn(connection, scope, deps),
    preview: (scope) => createPreview(connection, scope, deps.aggregateOf(scope.metric.aggregate)),
    readSample: (query) => readSample(connection, query),
    async readSpans({ limit, ...of }) {
      const marks = await knownMarks.of(of.metric, of.version);
      const all = { ...of, from: 0, to: Number.MAX_SAFE_INTEGER, align: HOUR };
      return readSpans(connection, paneSource(all, tables, marks), limit);
    },
    fillAdded: (scope) => fillAdded(connection, scope, deps.aggregateOf(scope.metric.aggregate)),
    rollUp: (rollUps) => rollUp(connection, rollUps, deps.aggregateOf),
    async insertMarks(marks) {
      await connection.insert(tables.rollUps, MARK_COLUMNS, mapped(marks, markValues));
      knownMarks.forget();
    },
    readMarks: (of) => readMarks(connection, of),
    readPaneSpan: (range, tier, rows) => readPaneSpan(connection, range, tier, rows),
    readTiers: (range) => readTiers(connection, range),
    insertKeyUses: (uses) =>
      connection.insert(
        tables.keyUses,
        ['key', 'used'],
        mapped(uses, ({ key, used }) => [key, used]),
      ),
    readKeyUses: () => readKeyUses(connection),
    eraseEvents: (key) => eraseEvents(connection, key),
    expire: (expiry) => expireRows(connection, expiry),
    close: () => connection.close(),
  };
}

/** Reads of panes, as they are and merged. */
function createReads(
  connection: Connection,
  aggregateOf: AggregateOf,
  knownMarks: KnownMarks,
): Pick<Store, 'readPartitionPanes' | 'readPanes' | 'readWindows' | 'countPanes' | 'readBegin'> {
  const { tables } = connection;
  const readPanes = async (where: string, params: Params): Promise<PaneRow[]> => {
    const limit = params.limit === undefined ? '' : 'LIMIT {limit:UInt64}';
    const found = await connection.query<rows.StoredPane>(
      `SELECT ${rows.PANE_COLUMNS.join(', ')} FROM ${tables.panes} FINAL WHERE ${where} ORDER BY pane, grp, part ${limit} ${READER_SETTINGS}`,
      params,
    );
    return found.map(rows.paneRow);
  };
  return {
    readPartitionPanes: (part, metric, version, from) =>
      readPanes(
        'metric = {metric:String} AND version = {version:UInt64} AND pane >= {from:Int64} AND part = {part:String}',
        {
          part,
          metric,
          version,
          from,
        },
      ),
    readPanes: ({ after, limit, ...range }) =>
      readPanes(after === undefined ? IN_RANGE : `${IN_RANGE} AND ${BEHIND}`, {
        ...range,
        ...(after === undefined ? {} : { pane: after.pane, group: after.group, part: after.part }),
        ...(limit === undefined ? {} : { limit }),
        from: Math.max(range.from, after?.pane ?? range.from),
      }),
    async readWindows(range) {
      // The marks first: what they speak of is in the tiers when the rows are read.
      const marks = await knownMarks.of(range.metric.id, range.version);
      const source: PaneSource = (panes) => paneSource(panes, tables, marks);
      const statement = windowsSql(range, aggregateOf(range.metric.aggregate), source);
      if (statement === null) return [];
      const found = await connection.query<StoredWindow>(
        `${statement.sql} ${READER_SETTINGS}, ${AS_TUPLES}`,
        statement.params,
      );
      return found.map(windowRow);
    },
    async countPanes({ align = 1, ...range }) {
      const { sql, params } = paneSource(
        { ...range, align },
        tables,
        await knownMarks.of(range.metric, range.version),
      );
      const [found] = await connection.query<PaneCount>(
        `SELECT count() AS rows, uniq(grp) AS groups, max(length(nums) + length(keys) + length(counts)) AS largest
         FROM (${sql}) ${READER_SETTINGS}`,
        params,
      );
      return found ?? { rows: 0, groups: 0, largest: 0 };
    },
    async readBegin(metric, version) {
      // In the order of the key: one granule of a part is read, however many rows there are.
      return firstPane(async (tier, before) => {
        const [found] = await connection.query<{ pane: number }>(
          `SELECT pane FROM ${tables[TABLE_OF[tier]]}
           WHERE metric = {metric:String} AND version = {version:UInt64} AND pane < {before:Int64}
           ORDER BY metric, version, pane LIMIT 1 ${READER_SETTINGS}`,
          { metric, version, before },
        );
        return found?.pane ?? null;
      });
    },
  };
}

/** As `map`, one value at a time, as they are asked for. */
function* mapped<T, U>(list: readonly T[], of: (one: T) => U): Generator<U> {
  for (const one of list) yield of(one);
}

async function fillIn(
  connection: Connection,
  { metric, version, partitions, ...caps }: BackfillScope,
  { aggregateOf, pointsAFill }: ClickHouseStoreDeps,
): Promise<void> {
  const aggregate = aggregateOf(metric.aggregate);
  const ofPartitions = partitions.map(({ partition, before }) => ({
    partition,
    where: foldedWhere({ from: 0, before }),
  }));
  const source = { metric, rows: ofPartitions, ...caps };
  const next = partitions.map(({ partition, before }) => ({ partition, value: before }));
  for (const panes of await cutFill(connection, source, aggregate, pointsAFill)) {
    const of = panes === undefined ? source : { ...source, panes };
    const { sql, params } = await planFold(connection, of, aggregate);
    await connection.command(
      `INSERT INTO ${connection.tables.panes} (${rows.PANE_COLUMNS.join(', ')}) ${INSERT_SETTINGS_TEXT}
       SELECT {metric:String}, {version:UInt64}, pane, grp, concat('~', toString(part)), new_nums, new_keys, new_counts,
         ${byPartition(next)}
       FROM (${sql})`,
      { ...params, metric: metric.id, version },
    );
  }
}

/** The marks first: what they speak of is in the tiers when the rows are read. */
async function readTiers(connection: Connection, range: TierRange): Promise<TierRow[]> {
  const marks = await withUnmarked(connection, await readMarks(connection, range));
  const { sql, params } = paneSource(range, connection.tables, marks);
  const found = await connection.query<Omit<rows.StoredPane, 'metric' | 'version' | 'next'>>(
    `SELECT * FROM (${sql}) ORDER BY pane, grp, part ${READER_SETTINGS}`,
    params,
  );
  return found.map(({ pane, grp, part, ...state }) => ({ pane, group: grp, part, state }));
}

async function readVersions(connection: Connection): ReturnType<Store['readVersions']> {
  const { tables } = connection;
  const selects = [tables.panes, tables.panesMinute, tables.panesHour, tables.rollUps].map(
    (table) => `SELECT DISTINCT metric, version FROM ${table}`,
  );
  const found = await connection.query<{ metric: string; version: number | string }>(
    `SELECT DISTINCT metric, version FROM (${selects.join(' UNION ALL ')}) ${READ_SETTINGS}`,
  );
  return found.map(({ metric, version }) => ({ metric, version: Number(version) }));
}

async function readKeyUses({ tables, query }: Connection): Promise<KeyUse[]> {
  const found = await query<{ key: string; used: number | string }>(
    `SELECT key, used FROM ${tables.keyUses} FINAL ORDER BY key ${READ_SETTINGS}`,
  );
  return found.map(({ key, used }) => ({ key, used: Number(used) }));
}
