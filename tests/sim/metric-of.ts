import { compileMetric } from '#aggregates/judge/compile-metric.ts';
import type { ActiveMetric } from '#contracts/log/rows.ts';
import type { Metric } from '#contracts/metric/metric.ts';

const known = new Map<string, Metric>();

/** The metric of a definition as a partition's log or commit row holds it. */
export function metricOf({ metric, definition }: Pick<ActiveMetric, 'metric' | 'definition'>): Metric | null {
  const key = `${metric} ${JSON.stringify(definition)}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const read = compileMetric(metric, definition, Number.POSITIVE_INFINITY);
  if (!read.ok) return null;
  known.set(key, read.value.metric);
  return read.value.metric;
}
