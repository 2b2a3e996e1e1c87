import { formatText } from '#contracts/filter/text-print.ts';
import { parseWhere } from '#contracts/filter/where.ts';
import { isRecord } from '#contracts/is-record.ts';
import { parseAggregate } from '#contracts/metric/aggregate-call.ts';
import { parseDuration } from '#contracts/text/duration.ts';
import { ApiError } from '../app/ask.ts';

/** What the room knows of a metric before it asks for values: its definition. */
export interface KnownMetric {
  id: string;
  title: string;
  unit: string;
  /** As it is written; of a derived metric its expression. */
  aggregate: string;
  /** Event names; null: every event, and of a derived metric. */
  events: readonly string[] | null;
  groupBy: readonly string[];
  /** Its filter as text; empty for none. */
  where: string;
  /** Duration text; null for those that have none of their own. */
  window: string | null;
  /** ms; null where a definition has none. */
  lateness: number | null;
  isDerived: boolean;
  /** Whether its values add over time, as a count does. */
  adds: boolean;
  /** Names of its outputs, where the definition alone says them. */
  outputs: readonly string[];
}

/** Reads `GET /v1/metrics`. A definition that cannot be read is left out: the others are still to be chosen from. */
export function readMetrics(body: unknown): KnownMetric[] {
  if (!isRecord(body) || !Array.isArray(body.metrics))
    throw new ApiError('GET /v1/metrics: expected a list of metrics.');
  return body.metrics.filter(isRecord).flatMap(readMetric);
}

function readMetric(raw: Record<string, unknown>): KnownMetric[] {
  const { id, title, unit, aggregate, expression, event, groupBy, window, lateness } = raw;
  if (typeof id !== 'string') return [];
  const span = parseDuration(lateness, 'lateness');
  const filters = parseWhere(raw.where);
  const isDerived = typeof expression === 'string';
  const call = typeof aggregate === 'string' ? aggregate : '';
  return [
    {
      id,
      title: textOf(title) || id,
      unit: textOf(unit),
      aggregate: isDerived ? expression : call,
      events: isDerived || event === '*' || event === undefined ? null : [event].flat().map(String),
      groupBy: Array.isArray(groupBy) ? groupBy.map(String) : [],
      where: filters.ok ? formatText(filters.value) : '',
      window: textOf(window) || null,
      lateness: span.ok ? span.value : null,
      isDerived,
      adds: /^(count|sum)\b/.test(call) && !isDerived,
      outputs: isDerived ? ['value'] : outputsOf(call),
    },
  ];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The outputs of the aggregates that have several by their arguments; of the others the view says them. */
function outputsOf(call: string): string[] {
  const read = parseAggregate(call);
  if (!read.ok) return [];
  const { name, args } = read.value;
  if (name === 'quantiles')
    return args.map((rank) => `p${String(Number((rank * 100).toFixed(5))).replace('.', '_')}`);
  return ['count', 'rate', 'sum', 'avg', 'min', 'max', 'first', 'last', 'distinct'].includes(name)
    ? ['value']
    : [];
}

/** How exact the values of an aggregate are, in words. */
export function exactnessOf({ aggregate, isDerived }: Pick<KnownMetric, 'aggregate' | 'isDerived'>): string {
  if (isDerived) return 'as exact as the metrics that it is computed from';
  const read = parseAggregate(aggregate);
  const name = read.ok ? read.value.name : '';
  return EXACTNESS.get(name) ?? 'exact, sums rounded as doubles are';
}

const WITHIN_BIN = 'within 0.8 % of the value at its rank; the smallest and the largest are exact';
const SAMPLED = 'exact up to 2,048 keys in a window, then scaled from 2,048 of them';
const EXACTNESS: ReadonlyMap<string, string> = new Map([
  ...['count', 'rate', 'min', 'max', 'first', 'last', 'share', 'ratio'].map((name): [string, string] => [
    name,
    'exact',
  ]),
  ['quantiles', WITHIN_BIN],
  ['median', WITHIN_BIN],
  ['percentile_rank', 'a value above a bound by less than 1/64 of it may be counted too'],
  ['distinct', 'exact up to 1,024 different values, then a standard error of 0.8 %'],
  ['retention', SAMPLED],
  ['funnel', SAMPLED],
]);
