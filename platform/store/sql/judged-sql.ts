import { MISSING, OTHER } from '#contracts/metric/dimension.ts';
import { COUNTED } from '#contracts/metric/explanation.ts';
import { countedWhere } from '#contracts/metric/metric.ts';
import { quoteText } from '../connection/bind-params.ts';
import type { Connection, Params } from '../connection/engine-connection.ts';
import { READER_SETTINGS } from '../connection/statement-settings.ts';
import type { JudgedPartition, JudgedScope } from '../judged-events.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import { filterSql, groupFilterSql } from './filter-sql.ts';
import { cutSql, levelSql } from './group-levels-sql.ts';
import { type PropertySql, propertySql, typeSql } from './property-texts.ts';
import { byPartition, rowFacts } from './sql-fold.ts';
import { receivedFrom } from './stored-events.ts';

/** Events of a scope as SQL. */
export interface JudgedSql {
  /**
   * Rows of a table, one an event or copy of it, with the columns asked for (`… AS name` where they are expressions) and these: `outcome`; `field`, the number of the path that
   * decided, from 1 (0: none), and its type `found`; `fits`, whether the event is of the scope's groups.
   */
  select(from: string, columns: readonly string[], conditions: readonly string[]): string;
  /** The same of all events with their positions, each once. */
  events(columns: readonly string[], conditions?: readonly string[]): string;
  params: Params;
  /** What `field` counts: the dimensions, then the field of the aggregate. */
  fields: readonly string[];
}

const LIST = COUNTED.map(quoteText).join(', ');
/** That an event counts; and for the groups of the scope. */
export const COUNTS = `outcome IN (${LIST})`;
export const IS_COUNTED = `fits AND ${COUNTS}`;

const POSITION = ['part', 'offset', 'index', 'ts'];
const IN_PANES =
  'metric = {judgedMetric:String} AND version = {judgedVersion:UInt64} AND pane >= {judgedFrom:Int64} AND pane < {judgedTo:Int64}';
const IN_TIME = 'received >= {judgedReceived:Int64} AND ts >= {judgedFrom:Int64} AND ts < {judgedTo:Int64}';

/** Returns the events of a scope as SQL. A look at the panes tells whether any groups were merged beyond the cap. */
export async function judgedSql(
  connection: Connection,
  scope: JudgedScope,
  aggregate: Counting,
): Promise<JudgedSql> {
  const { tables } = connection;
  const { metric, partitions } = scope;
  const where = filterSql(countedWhere(metric), {
    name: 'judgedWhere',
    property: (path) => propertySql(path, quoteText(MISSING)),
  });
  const groups = groupFilterSql(scope.where, {
    name: 'judgedGroups',
    textOf: (dimension) => `grp[${metric.groupBy.indexOf(dimension) + 1}]`,
  });
  const params = { ...paramsOf(scope), ...where.params, ...groups.params };
  const kept = (await hasOthers(connection, params)) ? keptSql(tables.panes, metric.groupBy.length) : null;
  const facts = factsOf(scope, aggregate, { kept, fits: groups.conditions.join(' AND ') || 'true' });
  const wanted = [
    IN_TIME,
    `part IN (${partitions.map(({ partition }) => partition).join(', ') || 'NULL'})`,
    `offset < ${byPartition(partitions.map(({ partition, committed }) => ({ partition, value: committed })))}`,
    ...(metric.events === null ? [] : ['event IN {judgedEvents:Array(String)}']),
    ...where.conditions,
  ];
  const select: JudgedSql['select'] = (from, columns, conditions) =>
    `SELECT ${columns.map(nameOf).join(', ')}, outcome, field, found, fits FROM (
      SELECT ${[...columns, ...facts(from === tables.archive)].join(', ')}
      FROM ${from} WHERE ${[...wanted, ...conditions].join(' AND ')})`;
  return {
    select,
    // Copies are equal, so that one of them can be taken after all conditions. FINAL would take one before, and read the events of all times for that.
    events(columns, conditions = []) {
      const found = [tables.archive, tables.events].map((table) =>
        select(table, [...POSITION, ...columns], conditions),
      );
      return `SELECT * FROM (${found.join(' UNION ALL ')}) LIMIT 1 BY part, offset, index`;
    },
    params,
    fields: fieldsOf(scope, aggregate),
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

/** What decides whether an aggregate counts an event. */
type Counting = Pick<StoreAggregate, 'input' | 'path' | 'sequence'>;

const valuePath = ({ metric }: JudgedScope, { path }: Counting): string | null =>
  metric.aggregate.field ?? path ?? null;

function fieldsOf(scope: JudgedScope, aggregate: Counting): string[] {
  const value = valuePath(scope, aggregate);
  const own = value === null ? [] : [value];
  return [...scope.metric.groupBy, ...own, ...(aggregate.sequence === undefined ? [] : ['$key'])];
}

/** A group that lost at least its last dimension. */
const CUT = `notEmpty(grp) AND grp[-1] = ${quoteText(OTHER)}`;

async function hasOthers({ query, tables }: Connection, params: Params): Promise<boolean> {
  const sql = `SELECT 1 AS one FROM ${tables.panes} WHERE ${IN_PANES} AND ${CUT} LIMIT 1 ${READER_SETTINGS}`;
  return (await query(sql, params)).length > 0;
}

/** How many dimensions of an event's group keep their names: of those that it seeks, the first that the pane has (`namesSought`); all where it has none. */
function keptSql(panes: string, size: number): string {
  const stored = `(SELECT pane, toString(part), grp FROM ${panes} WHERE ${IN_PANES})`;
  const has = (name: string): string => `(pane, source, ${name}) IN ${stored}`;
  const levels = Array.from({ length: size }, (_, i) => i).toReversed();
  const cut = levels.map((level) => {
    const name = cutSql('own', String(level));
    return `${levelSql(name)} = ${level} AND ${has(name)}, ${level}`;
  });
  return `multiIf(${[`${has('own')}, ${size}`, ...cut, String(size)].join(', ')})`;
}

/** The columns that say what became of an event; the older table is from before there were imports. */
function factsOf(
  scope: JudgedScope,
  aggregate: Counting,
  { kept, fits }: { kept: string | null; fits: string },
): (isArchive: boolean) => string[] {
  const { groupBy } = scope.metric;
  const fields = fieldsOf(scope, aggregate);
  const dims = groupBy.map((path) => propertySql(path, quoteText(MISSING)));
  const field = valuePath(scope, aggregate);
  const value = field === null ? undefined : propertySql(field, quoteText(MISSING));
  const texts = `CAST([${dims.map(({ text }) => text).join(', ')}], 'Array(String)')`;
  const isMissing = value === undefined ? 'false' : `field = ${groupBy.length + 1} AND ${value.isMissing}`;
  const isAbsent =
    aggregate.sequence === undefined ? isMissing : `(${isMissing} OR field = ${fields.length})`;
  const at = (of: (i: number) => string, none: string): string =>
    `multiIf(${fields.map((_, i) => `field = ${i + 1}, ${of(i)}`).join(', ')}${fields.length > 0 ? ', ' : 'false, '}${fields.length > 0 ? none : `${none}, ${none}`})`;
  return (isArchive) => [
    rowFacts(isArchive),
    `${partSql(scope.partitions)} AS which`,
    `multiIf(which = 'filled', concat('~', toString(part)), which = 'added', concat('+', toString(part)), toString(part)) AS source`,
    `${texts} AS texts`,
    `(${dims.map(({ isText }) => isText).join(' AND ') || 'true'}) AS hasGroup`,
    'arrayFirstIndex(d -> lengthUTF8(d) > {judgedLength:UInt64}, texts) AS long',
    `if(long = 0, texts, ${cutSql('texts', 'long - 1')}) AS own`,
    `toUInt8(multiIf(which NOT IN (${LIST}), 0, ${reasonsSql(dims, value, aggregate)}0)) AS field`,
    `${at((i) => typeSql(fields[i]!), "''")} AS found`,
    `multiIf(field = 0, which, ${isAbsent}, 'absent', 'skipped') AS outcome`,
    kept === null ? 'own AS grp' : `if(hasGroup, ${cutSql('own', kept)}, own) AS grp`,
    `toUInt8(NOT hasGroup OR (${fits})) AS fits`,
  ];
}

/** Which property keeps an event from counting, in the order in which the fold looks at them. */
function reasonsSql(
  dims: readonly PropertySql[],
  value: PropertySql | undefined,
  { input, sequence }: Counting,
): string {
  const isRead =
    value && (input === 'number' ? value.isFinite : `(${value.isText} AND NOT ${value.isMissing})`);
  const tests = [...dims.map(({ isText }) => isText), ...(isRead === undefined ? [] : [isRead])];
  const reasons = tests.map((test, i) => `NOT (${test}), ${i + 1}, `).join('');
  if (sequence === undefined) return reasons;
  const ofKey = `${reasons}isNull(key), ${tests.length + 1}, `;
  return value === undefined
    ? ofKey
    : `${ofKey}NOT (${sequence.sql.accepts(value.number)}), ${tests.length}, `;
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
