import { checkAggregate } from '#aggregates/registry.ts';
import { MillraceError } from '#contracts/errors.ts';
import { foldText, formatMetric, parseMetric } from '#contracts/metric.ts';
import type { DefinitionKind } from './definition-routes.ts';

/** Metrics. A change of what is folded is refused: it needs a version of its own. */
export const createMetricKind = (horizon: number): DefinitionKind => ({
  kind: 'metric',
  plural: 'metrics',
  unknown: 'unknown_metric',
  read(id, body, current) {
    const rules = { checkAggregate, horizon };
    const metric = parseMetric(id, body, rules);
    if (!metric.ok) throw new MillraceError(metric.fault);
    const before = current === undefined ? null : parseMetric(id, current.body, rules);
    if (before?.ok && foldText(before.value) !== foldText(metric.value)) {
      const message =
        'event, where, aggregate, groupBy, pane and lateness decide what is counted and cannot change; define another metric.';
      throw new MillraceError({ code: 'fold_changed', message });
    }
    return formatMetric(metric.value);
  },
});
