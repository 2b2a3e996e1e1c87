import { MISSING, OTHER } from '#contracts/metric/dimension.ts';
import { COUNTED } from '#contracts/metric/explanation.ts';
import { quoteText } from '../connection/bind-params.ts';
import type { Connection, Params } from '../connection/engine-connection.ts';
import { READER_SETTINGS } from '../connection/statement-settings.ts';
import type { JudgedPartition, JudgedScope } from '../judged-events.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import { filterSql, groupFilterSql } from './filter-sql.ts';
import { type PropertySql, propertySql, typeSql } from './property-texts.ts';
import { byPartition, rowFacts } from './sql-fold.ts';
import { notInArchive, receivedFrom } from './stored-events.ts';

/** Events of a scope as SQL. */
export interface JudgedSql {
  /**
   * Rows of a table, one an event or copy of it, with the columns asked for (`… AS name` where they are expressions) and these: `outcome`; `field`, the number of the path that
   * decided, from 1 (0: none), and its type `found`; `fits`, whether the event is of the scope's groups.
   */
  select(from: string, columns: readonly string[], conditions: readonly string[]): string;
  /** The same of all events, each once. */
  events(columns: readonly string[], conditions?: readonly string[]): string;
  params: Params;
  /** What `field` counts: the dimensions, then the field of the aggregate. */
  fields: readonly string[];
}

const LIST = COUNTED.map(quoteText).join(', ');
/** That an event counts; and for the groups of the scope. */
export const COUNTS = `outcome IN (${LIST})`;
export const IS_COUNTED = `fits AND ${COUNTS}`;

const IN_PANES =
  'metric = {judgedMetric:String} AND version = {judgedVersion:UInt64} AND pane >= {judgedFrom:Int64} AND pane < {judgedTo:Int64}';
const IN_TIME = 'received >= {judgedReceived:Int64} AND ts >= {judgedFrom:Int64} AND ts < {judgedTo:Int64}';

/** Returns the events of a scope as SQL. A look at the panes tells whether any groups were merged beyond the cap. */
export async function judgedSql(
  connection: Connection,
  scope: JudgedScope,
  { input }: Pick<StoreAggregate, 'input'>,
): Promise<JudgedSql> {
  const { tables } = connection;
  const { metric, partitions } = scope;
  const where = filterSql(metric.where, {
    name: 'judgedWhere',
    property: (path) => propertySql(path, quoteText(MISSING)),
  });
  const groups = groupFilterSql(scope.where, {
    name: 'judgedGroups',
    textOf: (dimension) => `grp[${metric.groupBy.indexOf(dimension) + 1}]`,
  });
  const params = { ...paramsOf(scope), ...where.params, ...groups.params };
  const merged = (await hasOthers(connection, params)) ? mergedSql(tables.panes) : 'false';
  const facts = factsOf(scope, input, { merged, fits: groups.conditions.join(' AND ') || 'true' });
  const wanted = [
    IN_TIME,
    `part IN (${partitions.map(({ partition }) => partition).join(', ') || 'NULL'})`,
    `offset < ${byPartition(partitions.map(({ partition, committed }) => ({ partition, value: committed })))}`,
    ...(metric.events === null ? [] : ['event IN {judgedEvents:Array(String)}']),
    ...where.conditions,
  ];
  const select: JudgedSql['select'] = (from, columns, conditions) =>
    `SELECT ${columns.map(nameOf).join(', ')}, outcome, field, found, fits FROM (
      SELECT ${[...columns, ...facts(from.startsWith(tables.archive))].join(', ')}
      FROM ${from} WHERE ${[...wanted, ...conditions].join(' AND ')})`;
  return {
    select,
    events(columns, conditions = []) {
      const beside = notInArchive(
        tables,
        partitions.map(({ partition }) => partition),
      );
      return `${select(`${tables.archive} FINAL`, columns, conditions)}
        UNION ALL ${select(`${tables.events} FINAL`, columns, [...conditions, beside])}`;
    },
    params,
    fields: fieldsOf(scope, input),
  };
}

/** A column may be an expression with a name: `… AS name`. */
const nameOf = (column: string): string => column.split(' AS ').at(-1)!;

const paramsOf = ({ metric, version, from, to, valueLength }: JudgedScope): Params => ({
  judgedMetric: metric.id,
  judgedVersion: version,
  judgedFrom: from,
  judgedTo: to,
  judgedReceived: receivedFrom(from),
  ...(metric.events === null ? {} : { judgedEvents: metric.events }),
  judgedLength: valueLength ?? Number.MAX_SAFE_INTEGER,
  pane: metric.pane,
  lateness: metric.lateness,
});

const fieldsOf = ({ metric }: JudgedScope, input: StoreAggregate['input']): string[] => [
  ...metric.groupBy,
  ...(input === 'none' || metric.aggregate.field === null ? [] : [metric.aggregate.field]),
];

const ALL_OTHER = `notEmpty(grp) AND arrayAll(d -> d = ${quoteText(OTHER)}, grp)`;

async function hasOthers({ query, tables }: Connection, params: Params): Promise<boolean> {
  const sql = `SELECT 1 AS one FROM ${tables.panes} WHERE ${IN_PANES} AND ${ALL_OTHER} LIMIT 1 ${READER_SETTINGS}`;
  return (await query(sql, params)).length > 0;
}

/** That the group of an event has no cell of its own in a pane that has one for what is beyond the cap. */
const mergedSql = (panes: string): string =>
  `(notEmpty(own) AND (pane, source) IN (SELECT pane, toString(part) FROM ${panes} WHERE ${IN_PANES} AND ${ALL_OTHER})
    AND (pane, source, own) NOT IN (SELECT pane, toString(part), grp FROM ${panes} WHERE ${IN_PANES}))`;

/** The columns that say what became of an event; the older table is from before there were imports. */
function factsOf(
  scope: JudgedScope,
  input: StoreAggregate['input'],
  { merged, fits }: { merged: string; fits: string },
): (isArchive: boolean) => string[] {
  const { groupBy } = scope.metric;
  const fields = fieldsOf(scope, input);
  const properties = fields.map((path) => propertySql(path, quoteText(MISSING)));
  const dims = properties.slice(0, groupBy.length);
  const value = properties[groupBy.length];
  const texts = `CAST([${dims.map(({ text }) => text).join(', ')}], 'Array(String)')`;
  const others = `arrayMap(d -> ${quoteText(OTHER)}, texts)`;
  const missing = value?.isMissing ?? 'false';
  const at = (of: (i: number) => string, none: string): string =>
    `multiIf(${fields.map((_, i) => `field = ${i + 1}, ${of(i)}`).join(', ')}${fields.length > 0 ? ', ' : 'false, '}${fields.length > 0 ? none : `${none}, ${none}`})`;
  return (isArchive) => [
    rowFacts(isArchive),
    `${partSql(scope.partitions)} AS which`,
    `multiIf(which = 'filled', concat('~', toString(part)), which = 'added', concat('+', toString(part)), toString(part)) AS source`,
    `${texts} AS texts`,
    `(${dims.map(({ isText }) => isText).join(' AND ') || 'true'}) AS hasGroup`,
    `if(arrayExists(d -> lengthUTF8(d) > {judgedLength:UInt64}, texts), ${others}, texts) AS own`,
    `toUInt8(multiIf(which NOT IN (${LIST}), 0, ${reasonsSql(dims, value, input)}0)) AS field`,
    `${at((i) => typeSql(fields[i]!), "''")} AS found`,
    `multiIf(field = 0, which, field = ${groupBy.length + 1} AND ${missing}, 'absent', 'skipped') AS outcome`,
    `if(hasGroup AND ${merged}, ${others}, own) AS grp`,
    `toUInt8(NOT hasGroup OR (${fits})) AS fits`,
  ];
}

/** Which property keeps an event from counting, in the order in which the fold looks at them. */
function reasonsSql(
  dims: readonly PropertySql[],
  value: PropertySql | undefined,
  input: StoreAggregate['input'],
): string {
  const isRead =
    value && (input === 'number' ? value.isFinite : `(${value.isText} AND NOT ${value.isMissing})`);
  const tests = [...dims.map(({ isText }) => isText), ...(isRead === undefined ? [] : [isRead])];
  return tests.map((test, i) => `NOT (${test}), ${i + 1}, `).join('');
}

/** The part of the metric that an event belongs to, or why to none, by its position (rule 4). */
function partSql(partitions: readonly JudgedPartition[]): string {
  const of = (value: (one: JudgedPartition) => number): string =>
    byPartition(partitions.map((one) => ({ partition: one.partition, value: value(one) })));
  return `multiIf(
    isImported = 1, if(offset < ${of(({ imports }) => imports)}, 'added', 'imported'),
    isLate, if(offset < ${of(({ late }) => late)}, 'added', 'late'),
    offset >= ${of(({ activation }) => activation ?? Number.MAX_SAFE_INTEGER)}, 'live',
    ${of(({ backfilled }) => (backfilled ? 1 : 0))} = 1, 'filled', 'before')`;
}
