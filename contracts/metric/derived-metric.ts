import { ok, type Result, refuse } from '../errors.ts';
import { checkId } from '../id.ts';
import { isRecord } from '../is-record.ts';
import { readAs } from '../schema/read-as.ts';
import type { Schema } from '../schema/schema.ts';
import { durationOf, formatDuration } from '../text/duration.ts';
import { type Expression, MAX_EXPRESSION } from './expression/expression.ts';
import { formatExpression } from './expression/format-expression.ts';
import { parseExpression } from './expression/parse-expression.ts';
import { METRIC, type Metric } from './metric.ts';

/** A metric that is computed from others when it is read: it is never folded, and has no states. */
export interface DerivedMetric extends Pick<Metric, 'id' | 'title' | 'unit' | 'better'> {
  expression: Expression;
  /** Null: the dimensions of its parts. */
  groupBy: string[] | null;
  /** The default window of a view, ms; null: that of its parts. */
  window: number | null;
}

const { id, title, unit, groupBy, window, better } = METRIC.properties;

/** Fields of a metric that only one that is folded has. */
const FOLDED = ['event', 'where', 'aggregate', 'pane', 'lateness', 'retention'];

/** The definition of a derived metric as it is sent, in JSON or YAML. */
export const DERIVED_METRIC = {
  type: 'object',
  required: ['expression'],
  additionalProperties: false,
  subject: 'A derived metric is an object with at least expression',
  member: 'a field of a derived metric; allowed are',
  properties: {
    id,
    title,
    unit: { ...unit, description: 'Default: that of its parts, where they have one' },
    expression: {
      type: 'string',
      code: 'invalid_expression',
      expected: 'an expression such as "errors / requests * 100"',
      description: `For example errors / requests * 100, or latency.p99 - previous(latency.p99, 1d); at most ${MAX_EXPRESSION} characters`,
      examples: ['errors / requests * 100', 'a'],
    },
    groupBy: { ...groupBy, description: 'Dimensions of its parts; default: all of them' },
    window: { ...window, description: 'The default window of a view; default: that of its parts' },
    better,
  },
} as const satisfies Schema;

/** Whether a definition is one of a derived metric, as far as can be told without reading it. */
export const isDerived = (body: unknown): boolean => isRecord(body) && Object.hasOwn(body, 'expression');

/** Reads a definition with `expression`. `stored`: it was accepted before. */
export function parseDerived(named: string, raw: unknown, { stored = false } = {}): Result<DerivedMetric> {
  const beside = isRecord(raw) ? FOLDED.find((field) => Object.hasOwn(raw, field)) : undefined;
  if (beside !== undefined) {
    const message = `${beside}: a metric with expression is computed from others and counts no events; it has no ${beside}. Leave one of the two out.`;
    return refuse('invalid_definition', message, beside);
  }
  const read = readAs(DERIVED_METRIC, raw, { code: 'invalid_definition' });
  if (!read.ok) return read;
  const definition = read.value;
  const own = checkId(named, definition.id);
  if (!own.ok) return own;
  const expression = parseExpression(definition.expression, { stored });
  if (!expression.ok) return expression;
  const dimensions = definition.groupBy ?? null;
  return ok({
    id: named,
    title: definition.title ?? named,
    unit: definition.unit ?? '',
    better: definition.better ?? null,
    expression: expression.value,
    groupBy: dimensions === null ? null : [dimensions].flat(),
    window: definition.window === undefined ? null : durationOf(definition.window),
  });
}

/** The definition as plain JSON: canonical, and `parseDerived` reads it back to the same metric. */
export function formatDerived(metric: DerivedMetric): Record<string, unknown> {
  return {
    id: metric.id,
    title: metric.title,
    ...(metric.unit === '' ? {} : { unit: metric.unit }),
    expression: formatExpression(metric.expression),
    ...(metric.groupBy === null ? {} : { groupBy: metric.groupBy }),
    ...(metric.window === null ? {} : { window: formatDuration(metric.window) }),
    ...(metric.better === null ? {} : { better: metric.better }),
  };
}
