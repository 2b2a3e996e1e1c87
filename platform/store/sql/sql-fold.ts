import type { Filter } from '#contracts/filter/filter.ts';
import type { AggregateCall } from '#contracts/metric/aggregate-call.ts';
import { MISSING } from '#contracts/metric/dimension.ts';
import { countedWhere, type Metric } from '#contracts/metric/metric.ts';
import { floorTo } from '#contracts/metric/pane.ts';
import { SEQUENCE_HOUR, type SequenceForm } from '#contracts/metric/sequence.ts';
import { quoteText } from '../connection/bind-params.ts';
import type { Params } from '../connection/engine-connection.ts';
import type { FoldCaps } from '../store.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import type { Tables } from '../tables.ts';
import { STATE_COLUMNS } from './clickhouse-rows.ts';
import { type FilterSql, filterSql } from './filter-sql.ts';
import { cutSql, namedSql } from './group-levels-sql.ts';
import { propertySql } from './property-texts.ts';
import { boundedSql, sequenceRows } from './sequence-sql.ts';
import { notInArchive } from './stored-events.ts';

/** Of which partition rows are, and what they have in common; a condition about `offset`, and about `isImported` and `isLate`. */
export interface SqlFoldRows {
  partition: number;
  where: string;
}

/** Which events are folded, and how their groups are read. */
interface InputSource extends Omit<FoldCaps, 'groups'> {
  metric: Metric;
  /** What is folded, one a partition. */
  rows: readonly SqlFoldRows[];
  /** Another condition of all of them, about `pane` as well. */
  where?: string | undefined;
  /** Offsets below it are no part of it, but sequences begin there. Absent: 0. */
  from?: number;
  /** What the names of the filter's parameters begin with. */
  filter?: string;
  /** Whether sequences may be beyond their bounds (`reachesBounds`). */
  isBounded?: boolean;
  /** Only panes that start in [from, to); of sequences events beside them are read as well. */
  panes?: PaneTimes;
  /** The length of what stands for a pane, ms; absent: the metric's own panes. Not of sequences. */
  unit?: number | undefined;
}

/** Epoch ms, multiples of the pane. */
export interface PaneTimes {
  from: number;
  to: number;
}

export type SqlFoldSource = InputSource & FoldCaps;

/**
 * A metric's fold as SQL: one row a partition, pane and group, columns `part, pane, grp, new_nums, new_keys, new_counts`.
 * States by pane and full group; the names that they keep, by rank of their first position within the pane, level by level (rule 6);
 * and what has equal names merged, once. A group that is named like the merged one takes none of the places, and imported events have
 * places of their own: a name that was given once is kept when late or imported events come that are older in the log. One
 * statement for all partitions: what a statement costs before it reads a row is most of what a small archive costs.
 */
export function sqlFold(
  scope: SqlFoldSource,
  aggregate: StoreAggregate,
  tables: Pick<Tables, 'archive' | 'events'>,
): { sql: string; params: Params } {
  const states = aggregate.sql.state('value', '(ts, part, position.1, position.2)');
  const cast = (name: keyof typeof STATE_COLUMNS, expression: string): string =>
    `CAST(${expression}, '${STATE_COLUMNS[name]}')`;
  const sql = `
    SELECT part, pane, dims AS grp,
      ${cast('nums', aggregate.sql.merge.nums)} AS new_nums,
      ${cast('keys', aggregate.sql.merge.keys)} AS new_keys,
      ${cast('counts', aggregate.sql.merge.counts)} AS new_counts
    FROM (${namedSql(
      `SELECT part, pane, isImported, dims, min(position) AS first,
          ${cast('nums', states.nums)} AS nums, ${cast('keys', states.keys)} AS keys,
          ${cast('counts', states.counts)} AS counts
        FROM (${countedSql(scope, aggregate, tables)})
        GROUP BY part, pane, isImported, dims`,
      scope.metric.groupBy.length,
      scope.levels === true,
    )})
    GROUP BY part, pane, grp`;
  return { sql, params: { ...inputParams(scope), groups: scope.groups } };
}

/** What the groups of panes take: events, or the contributions of sequences. */
function countedSql(
  scope: SqlFoldSource,
  aggregate: StoreAggregate,
  tables: Pick<Tables, 'archive' | 'events'>,
): string {
  const { sequence } = aggregate;
  if (sequence === undefined) return inputSql(scope, aggregate, tables);
  const { aggregate: call, pane } = scope.metric;
  const { panes, from = 0 } = scope;
  const where = panes === undefined ? undefined : timesNeeded(panes, sequence, call);
  const points = pointsSql({ ...scope, where }, aggregate, tables);
  const found = sequence.sql.contributions(points, { hold: sequence.hold(call), pane, call, from });
  if (panes === undefined) return found;
  return `SELECT * FROM (${found}) WHERE pane >= ${whole(panes.from)} AND pane < ${whole(panes.to)}`;
}

/**
 * The events that panes of sequences follow from: those that theirs may follow, those that reach back to them, and all of the hours by
 * which the bounds count.
 */
export function timesNeeded({ from, to }: PaneTimes, form: SequenceForm, call: AggregateCall): string {
  const first = floorTo(from - form.hold(call), SEQUENCE_HOUR);
  const last = floorTo(to - 1 + form.reach(call), SEQUENCE_HOUR);
  return `ts >= ${whole(first)} AND ts < ${whole(last + SEQUENCE_HOUR)}`;
}

/** The events of sequences. */
export function pointsSql(
  scope: SqlFoldSource,
  aggregate: StoreAggregate,
  tables: Pick<Tables, 'archive' | 'events'>,
): string {
  const rows = sequenceRows(inputSql(scope, aggregate, tables));
  const bounds = aggregate.sequence?.bounds;
  return bounds === undefined || scope.isBounded === false ? rows : boundedSql(rows, bounds);
}

/** The events of the scope that the metric counts, as `foldInput` has them; of sequences also whose they are, always by levels. */
function inputSql(
  { metric, rows, where, levels, from = 0, filter }: InputSource,
  aggregate: StoreAggregate,
  tables: Pick<Tables, 'archive' | 'events'>,
): string {
  const missing = quoteText(MISSING);
  const dims = metric.groupBy.map((path) => propertySql(path, missing));
  const path = metric.aggregate.field ?? aggregate.path ?? null;
  const isOfValue = aggregate.input === 'number' || aggregate.input === 'text';
  const field = isOfValue && path !== null ? propertySql(path, missing) : null;
  const { sequence } = aggregate;
  const read = aggregate.input === 'number' ? field?.number : field?.text;
  const value = read ?? (aggregate.input === 'conditions' ? bitsSql(metric) : 'toUInt32(1)');
  const conditions = [
    `(${rows.map(rowsSql).join(' OR ')})`,
    ...(where === undefined ? [] : [where]),
    ...(metric.events === null ? [] : ['event IN {events:Array(String)}']),
    ...whereSql(countedWhere(metric), filter).conditions,
    ...dims.map((d) => d.isText),
    ...(field === null
      ? []
      : [aggregate.input === 'number' ? field.isFinite : `(${field.isText} AND NOT ${field.isMissing})`]),
    ...(sequence === undefined ? [] : ['isNotNull(key)']),
    ...(sequence === undefined || field === null ? [] : [sequence.sql.accepts(value)]),
  ];
  const member =
    sequence === undefined ? '' : `, assumeNotNull(key) AS member, offset < ${whole(from)} AS isBelow`;
  const isByLevels = levels === true || sequence !== undefined;
  const texts = `CAST([${dims.map((d) => d.text).join(', ')}], 'Array(String)')`;
  const select = (from: string, ...more: string[]): string => `
    SELECT (offset, index) AS position, ts, part, ${rowFacts(from === tables.archive)},
      ${texts} AS texts,
      arrayFirstIndex(d -> lengthUTF8(d) > {valueLength:UInt64}, texts) AS long,
      if(long = 0, texts, ${cutSql('texts', isByLevels ? 'long - 1' : '0')}) AS dims, ${value} AS value${member}
    FROM ${from} FINAL
    WHERE ${[...conditions, ...more].join('\n      AND ')}`;
  const beside = notInArchive(
    tables,
    rows.map(({ partition }) => partition),
  );
  return `${select(tables.archive)} UNION ALL ${select(tables.events, beside)}`;
}

/** Which of the aggregate's conditions hold, as `bitsOf` says it. */
const bitsSql = ({ aggregate: { conditions = [] } }: Metric): string =>
  ['toUInt32(0)', ...holdsSql(conditions).conditions.map((holds, i) => `if(${holds}, ${2 ** i}, 0)`)].join(
    ' + ',
  );

/** What a fold is made of, one row an event: `position, ts, part, pane, isImported, isLate, dims, value`. */
export const foldInput = (
  source: InputSource,
  aggregate: StoreAggregate,
  tables: Pick<Tables, 'archive' | 'events'>,
): { sql: string; params: Params } => ({
  sql: inputSql(source, aggregate, tables),
  params: inputParams(source),
});

/** What a row is folded by; the older table is from before there were imports. */
export const rowFacts = (isArchive: boolean): string =>
  `ts - positiveModulo(ts, {pane:Int64}) AS pane, ${isArchive ? 'imported' : 'toUInt8(0)'} AS isImported,
      (isImported = 0 AND watermark IS NOT NULL AND ts + {lateness:Int64} <= watermark) AS isLate`;

export const rowsSql = ({ partition, where }: SqlFoldRows): string =>
  `(part = ${whole(partition)} AND ${where})`;

/** What a partition itself has folded or would have, at offsets in [from, before). */
export const foldedWhere = ({ from, before }: { from: number; before: number }): string =>
  `offset >= ${whole(from)} AND offset < ${whole(before)} AND isImported = 0 AND NOT isLate`;

/** The number as SQL. Throws if it is not a whole one, which is a bug. */
export function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is no offset, and no partition.`);
  return String(value);
}

/** For each partition its number, as an expression over `part`. */
export const byPartition = (numbers: readonly { partition: number; value: number }[]): string =>
  `toUInt64(multiIf(${numbers.map(({ partition, value }) => `part = ${whole(partition)}, ${whole(value)}`).join(', ')}, 0))`;

/** A filter on properties as SQL. */
export const whereSql = (where: readonly Filter[], name = 'where'): FilterSql =>
  filterSql(where, { name, property: (path) => propertySql(path, quoteText(MISSING)) });

/** The conditions of an aggregate, an expression each. */
const holdsSql = (conditions: readonly Filter[]): FilterSql =>
  filterSql(conditions, { name: 'holds', property: (path) => propertySql(path, quoteText(MISSING)) });

/** What the conditions of an input are about. */
export const inputParams = ({ metric, valueLength, filter, unit }: InputSource): Params => ({
  valueLength: valueLength ?? Number.MAX_SAFE_INTEGER,
  pane: unit ?? metric.pane,
  lateness: metric.lateness,
  events: metric.events ?? [],
  ...whereSql(countedWhere(metric), filter).params,
  ...holdsSql(metric.aggregate.conditions ?? []).params,
});
