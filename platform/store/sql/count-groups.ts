import { addedPart, backfillPart } from '#contracts/log/rows.ts';
import { OTHER } from '#contracts/metric/dimension.ts';
import { quoteText } from '../connection/bind-params.ts';
import type { Connection, Params } from '../connection/engine-connection.ts';
import { READER_SETTINGS } from '../connection/statement-settings.ts';
import type { GroupCounts, GroupLevel, GroupQuery, GroupSource, TooManyEvents } from '../group-query.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import { addedWhere } from './added-events.ts';
import { cutSql, levelSql } from './group-levels-sql.ts';
import { byPartition, foldedWhere, foldInput } from './sql-fold.ts';
import { receivedFrom } from './stored-events.ts';

/**
 * Counts a metric's events by what became of their groups, as `Store.countGroups` says. An event is counted under its own group where
 * the Store has a row of that name in its pane and part, else under the longest of its shortened names that has one: that holds
 * whatever the caps were when it was folded.
 */
export async function countGroups(
  connection: Connection,
  query: GroupQuery,
  aggregate: StoreAggregate,
): Promise<GroupCounts | TooManyEvents> {
  const from = Math.max(query.from, (await firstPane(connection, query)) ?? query.from);
  const asked = { ...query, from };
  const fits = await newestThatFit(connection, asked);
  if (fits !== null) return { fits };
  const size = query.metric.groupBy.length;
  // Nothing is committed, and there are no conditions for a statement.
  if (query.sources.length === 0) return { from, events: 0, levels: query.metric.groupBy.map(() => NONE) };
  const places = await placesByLevel(connection, asked);
  const groups = groupsSql(connection, asked, aggregate);
  const totals = await readTotals(connection, groups, size);
  const leftOut = size === 0 ? [] : await readLeftOut(connection, groups, asked);
  const levelOf = (at: number): GroupLevel => ({
    places: places.get(at) ?? 0,
    distinct: totals.distinct[at - 1]!,
    values: totals.values[at - 1]!,
    other: totals.other[at - 1]!,
    leftOut: leftOut.filter(({ level }) => level === at).map(({ name, events }) => ({ group: name, events })),
  });
  return { from, events: totals.events, levels: Array.from({ length: size }, (_, i) => levelOf(i + 1)) };
}

const NONE: GroupLevel = { places: 0, distinct: 0, values: 0, other: 0, leftOut: [] };

const OF_VERSION = 'metric = {metric:String} AND version = {version:UInt64}';
const IN_RANGE = `${OF_VERSION} AND pane >= {from:Int64} AND pane < {to:Int64}`;

const rangeParams = ({ metric, version, from, to }: GroupQuery): Params => ({
  metric: metric.id,
  version,
  from,
  to,
});

/** The first pane that is kept: of those before, a roll-up has taken the place. */
async function firstPane({ query, tables }: Connection, asked: GroupQuery): Promise<number | null> {
  const [found] = await query<{ first: number | null }>(
    `SELECT minOrNull(first) AS first FROM (SELECT min(pane) AS first FROM ${tables.panes} WHERE ${OF_VERSION} GROUP BY part) ${READER_SETTINGS}`,
    rangeParams(asked),
  );
  return found?.first ?? null;
}

/** Returns null where the range has few enough events, else the time from which on it has. */
async function newestThatFit({ query, tables }: Connection, asked: GroupQuery): Promise<number | null> {
  const { metric, events: most } = asked;
  const named = metric.events === null ? '' : ' AND event IN {events:Array(String)}';
  const where = `ts >= {from:Int64} AND ts < {end:Int64} AND received >= {receivedFrom:Int64}${named}`;
  const times = (table: string): string => `SELECT ts FROM ${table} WHERE ${where}`;
  const [found] = await query<{ rows: number; first: number | null }>(
    `SELECT count() AS rows, minOrNull(ts) AS first FROM (
      SELECT ts FROM (${times(tables.archive)} UNION ALL ${times(tables.events)}) ORDER BY ts DESC LIMIT {most:UInt64}
    ) ${READER_SETTINGS}`,
    { ...timeParams(asked), events: metric.events ?? [], most: most + 1 },
  );
  return found === undefined || found.rows <= most || found.first === null ? null : found.first + 1;
}

/** Events of panes that start in the range. */
const timeParams = ({ metric, from, to }: GroupQuery): Params => ({
  from,
  end: to + metric.pane,
  receivedFrom: receivedFrom(from),
});

async function placesByLevel({ query, tables }: Connection, asked: GroupQuery): Promise<Map<number, number>> {
  const level = levelSql('grp');
  const found = await query<{ level: number; places: number }>(
    `SELECT level, max(named) AS places FROM (
      SELECT pane, part, ${level} AS level, uniqExact(grp) AS named FROM ${tables.panes} WHERE ${IN_RANGE} GROUP BY pane, part, level
    ) GROUP BY level ${READER_SETTINGS}`,
    rangeParams(asked),
  );
  return new Map(found.map(({ level: at, places }) => [at, places]));
}

/** Rows `dims, n, kept`: a group of one pane and part, its events, and how many of its dimensions their name keeps. */
function groupsSql(
  { tables }: Connection,
  query: GroupQuery,
  aggregate: StoreAggregate,
): { sql: string; params: Params } {
  const { metric, sources, valueLength } = query;
  const input = foldInput(
    {
      metric,
      valueLength,
      levels: true,
      rows: sources.map((source) => ({ partition: source.partition, where: sourceWhere(source) })),
      where: 'pane >= {from:Int64} AND pane < {to:Int64} AND received >= {receivedFrom:Int64}',
    },
    aggregate,
    tables,
  );
  const activation = byPartition(sources.map(({ partition, activation: value }) => ({ partition, value })));
  const [filled, added] = [backfillPart, addedPart].map((of) => quoteText(of(0)[0]!));
  const prefix = `multiIf(isImported = 1 OR isLate, ${added}, position.1 < ${activation}, ${filled}, '')`;
  const stored = `(SELECT pane, part, grp FROM ${tables.panes} WHERE ${IN_RANGE})`;
  const isNamed = (at: number): string =>
    `${levelSql(cutSql('dims', String(at)))} = ${at} AND (pane, source, ${cutSql('dims', String(at))}) IN ${stored}`;
  const levels = metric.groupBy.map((_, i) => metric.groupBy.length - i);
  const kept = [...levels.flatMap((at) => [isNamed(at), String(at)]), '0'].join(', ');
  const sql = `
    SELECT dims, n, ${levels.length === 0 ? '0' : `multiIf(${kept})`} AS kept FROM (
      SELECT pane, concat(${prefix}, toString(part)) AS source, dims, count() AS n
      FROM (${input.sql}) GROUP BY pane, source, dims
    ) AS folded
    INNER JOIN (
      SELECT part AS source, min(pane) AS first FROM ${tables.panes} WHERE ${OF_VERSION} GROUP BY part
    ) AS known USING source
    WHERE pane >= first`;
  return { sql, params: { ...input.params, ...rangeParams(query), ...timeParams(query) } };
}

/** What of a partition is in the version's rows. */
function sourceWhere({ activation, before, backfilled, imports, late }: GroupSource): string {
  const folded = foldedWhere({ from: backfilled ? 0 : activation, before });
  const added = addedWhere({ from: 0, before: imports }, { from: 0, before: late });
  return `((${folded}) OR ${added})`;
}

interface Totals {
  events: number;
  distinct: number[];
  values: number[];
  other: number[];
}

async function readTotals(
  { query }: Connection,
  { sql, params }: { sql: string; params: Params },
  size: number,
): Promise<Totals> {
  const each = (expression: (at: number) => string): string =>
    `CAST([${Array.from({ length: size }, (_, i) => expression(i + 1)).join(', ')}], 'Array(UInt64)')`;
  const [found] = await query<Totals>(
    `SELECT sum(n) AS events, ${each((at) => `sumIf(n, kept < ${at})`)} AS other,
      ${each((at) => `uniqCombined64(17)(arraySlice(dims, 1, ${at}))`)} AS distinct,
      ${each((at) => `uniqCombined64(17)(dims[${at}])`)} AS values
    FROM (${sql}) ${READER_SETTINGS}`,
    params,
  );
  if (found === undefined) throw new Error('A total came without a row.');
  return found;
}

function readLeftOut(
  { query }: Connection,
  { sql, params }: { sql: string; params: Params },
  { metric, limit }: GroupQuery,
): Promise<{ level: number; name: string[]; events: number }[]> {
  return query(
    `SELECT level, arraySlice(dims, 1, level) AS name, sum(n) AS events
    FROM (${sql}) ARRAY JOIN range(toUInt64(kept) + 1, ${metric.groupBy.length + 1}) AS level
    WHERE NOT has(arraySlice(dims, 1, level), ${quoteText(OTHER)})
    GROUP BY level, name ORDER BY level, events DESC, name LIMIT {limit:UInt64} BY level ${READER_SETTINGS}`,
    { ...params, limit },
  );
}
