import { MillraceError, ok, type Result } from '#contracts/errors.ts';
import { compilePlaced, type Test } from '#contracts/filter/compile-filter.ts';
import { type Filter, pathsIn } from '#contracts/filter/filter.ts';
import { compilePattern } from '#contracts/filter/match-pattern.ts';
import { countedWhere, type Metric, parseMetric } from '#contracts/metric/metric.ts';
import type { Aggregate } from '../aggregate.ts';
import { aggregateOf, checkAggregate } from '../registry.ts';

/** A metric made ready for the fold: its paths are places in the decoded values. */
export interface CompiledMetric {
  metric: Metric;
  aggregate: Aggregate;
  /** Dotted paths it reads, each once: conditions, dimensions, and what the aggregate reads. */
  paths: string[];
}

/** Reads a definition as a control block carries it, under the horizon that holds in the partition. */
export function compileMetric(
  id: string,
  definition: Record<string, unknown>,
  horizon: number,
): Result<CompiledMetric> {
  const read = parseMetric(id, definition, { checkAggregate, horizon, stored: true });
  if (!read.ok) return read;
  const metric = read.value;
  const aggregate = aggregateOf(metric.aggregate);
  const field = fieldOf({ metric, aggregate });
  const own = [...(field === null ? [] : [field]), ...pathsIn(metric.aggregate.conditions ?? [])];
  const paths = [...pathsIn(metric.where), ...metric.groupBy, ...own];
  return ok({ metric, aggregate, paths: [...new Set(paths)] });
}

/** The path whose value is added; null where it is none. */
/** The path that an aggregate reads; null where it reads none. */
export const fieldOf = ({ metric, aggregate }: Pick<CompiledMetric, 'metric' | 'aggregate'>): string | null =>
  metric.aggregate.field ?? aggregate.path ?? null;

/** Where a compiled metric's values lie among those the decoder gives. */
export interface Places {
  /** Whether the values fit what the metric counts. */
  matches: Test<readonly unknown[]>;
  groupBy: number[];
  field: number;
  /** Of each condition of the aggregate, whether the values fit it. */
  conditions: Test<readonly unknown[]>[];
}

export function placeMetric(compiled: CompiledMetric, paths: readonly string[]): Places {
  const { metric } = compiled;
  const field = fieldOf(compiled);
  const compile = (filters: readonly Filter[]): Test<readonly unknown[]> =>
    compilePlaced(filters, (path) => paths.indexOf(path), compilePattern);
  return {
    matches: compile(countedWhere(metric)),
    groupBy: metric.groupBy.map((path) => paths.indexOf(path)),
    field: field === null ? -1 : paths.indexOf(field),
    conditions: (metric.aggregate.conditions ?? []).map((condition) => compile([condition])),
  };
}

/** The same of a metric that is active: the horizon bounded it when it was started. Throws what it is refused with. */
export function compileActive(id: string, definition: Record<string, unknown>): CompiledMetric {
  const compiled = compileMetric(id, definition, Number.POSITIVE_INFINITY);
  if (!compiled.ok) throw new MillraceError(compiled.fault);
  return compiled.value;
}
