import type { Aggregate } from '#aggregates/aggregate.ts';
import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import { ok, type Result } from '#contracts/errors.ts';
import { compilePlaced, type Test } from '#contracts/filter/compile-filter.ts';
import { pathsIn } from '#contracts/filter/filter.ts';
import { compilePattern } from '#contracts/filter/match-pattern.ts';
import { dimensionText } from '#contracts/metric/dimension.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';

/** A metric made ready for the fold: its paths are places in the decoded values. */
export interface CompiledMetric {
  metric: Metric;
  aggregate: Aggregate;
  /** Dotted paths it reads, each once: conditions, dimensions, field. */
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
  const field = metric.aggregate.field;
  const paths = [...pathsIn(metric.where), ...metric.groupBy, ...(field === null ? [] : [field])];
  return ok({ metric, aggregate: aggregateOf(metric.aggregate), paths: [...new Set(paths)] });
}

/** Where a compiled metric's values lie among those the decoder gives. */
export interface Places {
  /** Whether the values fit the metric's filter. */
  matches: Test<readonly unknown[]>;
  groupBy: number[];
  field: number;
}

export function placeMetric({ metric }: CompiledMetric, paths: readonly string[]): Places {
  return {
    matches: compilePlaced(metric.where, (path) => paths.indexOf(path), compilePattern),
    groupBy: metric.groupBy.map((path) => paths.indexOf(path)),
    field: metric.aggregate.field === null ? -1 : paths.indexOf(metric.aggregate.field),
  };
}

/** The event has no value there, or one of another type: no texts, which an event may hold. */
export const ABSENT = Symbol('absent');
export const WRONG = Symbol('wrong');

/** What the aggregate adds: undefined for `none`, a number or text. The SQL fold skips both ABSENT and WRONG. */
export function readValue(
  input: Aggregate['input'],
  value: unknown,
): number | string | undefined | typeof ABSENT | typeof WRONG {
  if (input === 'none') return undefined;
  if (value === undefined || value === null) return ABSENT;
  if (input === 'number') return typeof value === 'number' && Number.isFinite(value) ? value : WRONG;
  return dimensionText(value) ?? WRONG;
}
