import { MISSING } from '#contracts/metric/dimension.ts';
import { countedWhere } from '#contracts/metric/metric.ts';
import type { SequenceForm } from '#contracts/metric/sequence.ts';
import { quoteText } from '../connection/bind-params.ts';
import type { Connection } from '../connection/engine-connection.ts';
import type { Misfits, PreviewTally, ValueType } from '../preview-tally.ts';
import { MOST_HASHES, type PreviewSurvey } from '../store.ts';
import type { StoreAggregate } from '../store-aggregate.ts';
import { propertySql } from './property-texts.ts';
import { inputParams, rowFacts, rowsSql, type SqlFoldSource, whereSql, whole } from './sql-fold.ts';
import { notInArchive } from './stored-events.ts';

interface Checked {
  field: string;
  expected: Misfits['expected'];
  sql: ReturnType<typeof propertySql>;
  fits: string;
}

/** What was found of one fault and type. */
interface FoundEvents {
  fault: string;
  tag: string;
  events: number;
  imported: number;
  /** Of what is counted. */
  panes: number;
  first: number;
  crowd: number;
  hashes: number[];
}

/** Looks at all events of the source, late ones included, once: what becomes of them, and how many panes and groups there are. */
export async function surveyEvents(
  { query, tables }: Connection,
  source: SqlFoldSource,
  { aggregate, settings }: { aggregate: StoreAggregate; settings: string },
): Promise<PreviewSurvey> {
  const { metric, rows } = source;
  const properties = checkedOf(source, aggregate);
  const conditions = [
    `(${rows.map(rowsSql).join(' OR ')})`,
    ...(source.where === undefined ? [] : [source.where]),
    ...(metric.events === null ? [] : ['event IN {events:Array(String)}']),
    ...whereSql(countedWhere(metric), source.filter).conditions,
  ];
  const pick = (of: (property: Checked, index: number) => string, other: string) =>
    `multiIf(isLate, ${quoteText(LATE)}, ${properties.map((one, i) => `NOT (${one.fits}), ${of(one, i)}, `).join('')}${other})`;
  const texts = metric.groupBy.map((path) => propertySql(path, quoteText(MISSING)).text);
  const select = (table: string, ...more: string[]): string =>
    `SELECT part, ${rowFacts(table === tables.archive)}, ts - positiveModulo(ts, ${whole(metric.pane)}) AS own,
       ${pick((_, i) => quoteText(String(i)), quoteText(COUNTED))} AS fault,
       ${pick(({ sql }) => sql.tag, "''")} AS tag,
       if(fault = ${quoteText(COUNTED)}, bitAnd(cityHash64(0, ${texts.join(', ') || '0'}), ${HASH_MASK}), 0) AS hash
     FROM ${table} FINAL WHERE ${[...conditions, ...more].join(' AND ')}`;
  const beside = notInArchive(
    tables,
    rows.map(({ partition }) => partition),
  );
  const found = await query<FoundEvents>(
    `SELECT fault, tag, sum(events) AS events, sum(imported) AS imported, sum(panes) AS panes, min(first) AS first,
       max(crowd) AS crowd, groupUniqArrayArray(${MOST_HASHES})(hashes) AS hashes
     FROM (
       SELECT part, isImported, pane, fault, tag, sum(n) AS events, sum(n * isImported) AS imported, sum(panes) AS panes,
         min(first) AS first, count() AS crowd, groupUniqArray(${MOST_HASHES})(hash) AS hashes
       FROM (
         SELECT part, isImported, pane, fault, tag, hash, count() AS n, uniqExact(own) AS panes, min(own) AS first
         FROM (${select(tables.archive)} UNION ALL ${select(tables.events, beside)})
         GROUP BY part, isImported, pane, fault, tag, hash
       ) GROUP BY part, isImported, pane, fault, tag
     ) GROUP BY fault, tag ${settings}`,
    inputParams(source),
  );
  const counted = found.find(({ fault }) => fault === COUNTED);
  return {
    tally: tallyOf(found, properties),
    rows: counted?.panes ?? 0,
    first: counted?.first ?? null,
    crowd: counted?.crowd ?? 0,
    groups: counted?.hashes ?? [],
  };
}

/** The properties that decide whether an event counts, in the order in which they do. */
function checkedOf({ metric }: SqlFoldSource, { input, path, sequence }: StoreAggregate): Checked[] {
  const field = metric.aggregate.field ?? path ?? null;
  return [
    ...metric.groupBy.map((field) => {
      const sql = propertySql(field, quoteText(MISSING));
      return { field, expected: 'text, number, boolean or null' as const, sql, fits: sql.isText };
    }),
    ...(field !== null && (input === 'number' || input === 'text') ? [inputOf(field, input, sequence)] : []),
    ...(sequence === undefined ? [] : [inputOf('$key', 'text')]),
  ];
}

function tallyOf(found: readonly FoundEvents[], properties: readonly Checked[]): PreviewTally {
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

const TYPES: Readonly<Record<string, ValueType>> = {
  s: 'text',
  n: 'number',
  x: 'number',
  b: 'boolean',
  '0': 'null',
  a: 'array',
  o: 'object',
};

/** Hashes are whole numbers in JSON. */
const HASH_MASK = Number.MAX_SAFE_INTEGER;

const LATE = 'late';
const COUNTED = 'counted';

function inputOf(field: string, input: 'number' | 'text', sequence?: SequenceForm): Checked {
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
