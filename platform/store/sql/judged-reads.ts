import { pathOfProperty } from '#contracts/metric/envelope.ts';
import type { Outcome, PropertyType } from '#contracts/metric/explanation.ts';
import type { Connection } from '../connection/engine-connection.ts';
import { READER_SETTINGS } from '../connection/statement-settings.ts';
import {
  type JudgedCount,
  type JudgedReads,
  type JudgedScope,
  MAX_COMPARED,
  type SharesScope,
  type StoredCell,
  type ValueShares,
} from '../judged-events.ts';
import type { AggregateOf } from '../store-aggregate.ts';
import { COUNTS, IS_COUNTED, type JudgedSql, judgedSql } from './judged-sql.ts';
import { pathOfColumn, propertySql } from './property-texts.ts';
import { whole } from './sql-fold.ts';
import { receivedFrom } from './stored-events.ts';

/** The reads by which a number is explained, as `JudgedReads` says. */
export function createJudgedReads(connection: Connection, aggregateOf: AggregateOf): JudgedReads {
  const judged = (scope: JudgedScope): Promise<JudgedSql> =>
    judgedSql(connection, scope, aggregateOf(scope.metric.aggregate));
  return {
    countRange: (range) => countRange(connection, range),
    countJudged: async (scope) => countJudged(connection, await judged(scope)),
    compareShares: async (scope) => compareShares(connection, scope, await judged(scope)),
    hasCells: (cells) => hasCells(connection, cells),
  };
}

/** Reads one column. */
async function countRange(
  { query, tables }: Connection,
  { from, to }: { from: number; to: number },
): Promise<number> {
  const count = (table: string): string =>
    `SELECT count() AS n FROM ${table} WHERE received >= {received:Int64} AND ts >= {from:Int64} AND ts < {to:Int64}`;
  const found = await query<{ n: number }>(
    `${count(tables.archive)} UNION ALL ${count(tables.events)} ${READER_SETTINGS}`,
    { from, to, received: receivedFrom(from) },
  );
  return found.reduce((sum, { n }) => sum + n, 0);
}

async function countJudged({ query }: Connection, judged: JudgedSql): Promise<JudgedCount[]> {
  const found = await query<{
    part: number;
    outcome: Outcome;
    field: number;
    found: PropertyType | '';
    n: number;
  }>(
    `SELECT part, outcome, field, found, count() AS n FROM (${judged.events([])})
     WHERE fits GROUP BY part, outcome, field, found ORDER BY part, outcome, field, found ${READER_SETTINGS}`,
    judged.params,
  );
  return found.map((row) => ({
    partition: row.part,
    outcome: row.outcome,
    field: judged.fields[row.field - 1] ?? null,
    found: row.found === '' ? null : row.found,
    count: row.n,
  }));
}

/** The path under which all events are counted: no column has an empty name. */
const ALL = '';
/** What is compared beside properties. */
const ENVELOPE = ['$event', '$key'];

async function compareShares(
  connection: Connection,
  scope: SharesScope,
  judged: JudgedSql,
): Promise<ValueShares> {
  const sample = Math.max(1, Math.ceil((await countRange(connection, scope)) / scope.exact));
  const sampled = sample === 1 ? [] : [sampledSql(sample)];
  const inside = scope.split === null ? 'fits' : `toUInt8(ts >= ${whole(scope.split)})`;
  const rows = (...columns: string[]): string =>
    `SELECT *, ${inside} AS inside FROM (${judged.events(columns, sampled)})
     WHERE ${scope.split === null ? COUNTS : IS_COUNTED}`;
  const paths = await connection.query<{ path: string; within: number; beside: number }>(
    `SELECT path, countIf(inside = 1) AS within, countIf(inside = 0) AS beside FROM (
       SELECT inside, arrayJoin(paths) AS path FROM (${rows("arrayConcat([''], JSONAllPaths(properties)) AS paths")}))
     GROUP BY path ORDER BY path = '' DESC, count() DESC, path LIMIT ${whole(scope.paths + 2)} ${READER_SETTINGS}`,
    judged.params,
  );
  const total = paths.find(({ path }) => path === ALL);
  const all = { inside: total?.within ?? 0, outside: total?.beside ?? 0 };
  const named = paths.filter(({ path }) => path !== ALL);
  const compared = [
    ...ENVELOPE,
    ...named.slice(0, scope.paths).map(({ path }) => pathOfProperty(pathOfColumn(path))),
  ].filter((path) => !isFixed(scope, path));
  const values = await readShares(connection, { scope, judged, rows, compared, all });
  return { ...all, sample, omitted: named.length > scope.paths, values };
}

/** One event in so many, spread over blocks and within each. */
export const sampledSql = (sample: number): string => `(offset + index * 7919) % ${whole(sample)} = 0`;

/** What the selection itself says is the same for all that is inside. */
const isFixed = ({ where, split }: SharesScope, path: string): boolean =>
  split === null && where.some((one) => 'path' in one && one.path === path);

async function readShares(
  { query }: Connection,
  {
    scope,
    judged,
    rows,
    compared,
    all,
  }: {
    scope: SharesScope;
    judged: JudgedSql;
    rows: (...columns: string[]) => string;
    compared: readonly string[];
    all: { inside: number; outside: number };
  },
): Promise<ValueShares['values']> {
  const entries = compared.map((path, i) => {
    const { text, isText, isMissing } = propertySql(path, "''");
    return `(toUInt16(${i}), (${isText}) AND NOT (${isMissing}), substringUTF8(${text}, 1, ${MAX_COMPARED}))`;
  });
  const share = (count: string, of: number): string => (of === 0 ? '0' : `${count} / ${whole(of)}`);
  const found = await query<{ place: number; value: string; within: number; beside: number }>(
    `SELECT place, value, countIf(inside = 1) AS within, countIf(inside = 0) AS beside FROM (
       SELECT inside, one.1 AS place, one.3 AS value FROM (
         SELECT inside, arrayJoin(compared) AS one FROM (${rows(`[${entries.join(', ')}] AS compared`)})) WHERE one.2)
     GROUP BY place, value
     ORDER BY abs(${share('within', all.inside)} - ${share('beside', all.outside)}) DESC, place, value
     LIMIT ${whole(scope.values)} ${READER_SETTINGS}`,
    judged.params,
  );
  return found.map(({ place, value, within, beside }) => ({
    path: compared[place]!,
    value,
    inside: within,
    outside: beside,
  }));
}

async function hasCells({ query, tables }: Connection, cells: readonly StoredCell[]): Promise<boolean[]> {
  if (cells.length === 0) return [];
  const params: Record<string, string | readonly string[]> = {};
  const wanted = cells.map(({ metric, version, pane, group, part }, i) => {
    params[`metric${i}`] = metric;
    params[`group${i}`] = group;
    params[`part${i}`] = part;
    return `({metric${i}:String}, toUInt64(${whole(version)}), toInt64(${whole(pane)}), {group${i}:Array(String)}, {part${i}:String})`;
  });
  const found = await query<{ metric: string; version: number; pane: number; grp: string[]; part: string }>(
    `SELECT DISTINCT metric, version, pane, grp, part FROM ${tables.panes}
     WHERE (metric, version, pane, grp, part) IN (${wanted.join(', ')}) ${READER_SETTINGS}`,
    params,
  );
  const texts = new Set(found.map(({ grp, ...cell }) => textOf({ ...cell, group: grp })));
  return cells.map((cell) => texts.has(textOf(cell)));
}

const textOf = ({ metric, version, pane, group, part }: StoredCell): string =>
  JSON.stringify([metric, version, pane, group, part]);
