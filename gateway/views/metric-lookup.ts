import type { Aggregate } from '#aggregates/aggregate.ts';
import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';
import type { View, ViewInfo } from '#contracts/view/view.ts';
import type { CatalogFollower } from '#platform/definitions/follow.ts';
import { viewId } from './view-id.ts';

/** The version of a metric that is served. */
export interface KnownMetric {
  version: number;
  metric: Metric;
  aggregate: Aggregate;
}

/** Returns the metric of an id as it is served now. */
export function findMetric(follower: CatalogFollower, id: string, horizon: number): Result<KnownMetric> {
  const definition = follower.catalog.metrics.get(id);
  if (definition === undefined) return refuse('unknown_metric', `There is no metric ${shown(id)}.`, 'metric');
  const { version, body } = definition.served;
  const known = READ.get(body);
  if (known?.version === version && known.horizon === horizon) return known.found;
  const metric = parseMetric(id, body, { checkAggregate, horizon, stored: true });
  const found = metric.ok
    ? ok({ version, metric: metric.value, aggregate: aggregateOf(metric.value.aggregate) })
    : metric;
  READ.set(body, { version, horizon, found });
  return found;
}

/** Each definition is parsed once, not at every request. */
const READ = new WeakMap<object, { version: number; horizon: number; found: Result<KnownMetric> }>();

/** The same, but waits for the catalog where the metric is unknown: another gateway may have stored it a moment ago. */
export async function findWrittenMetric(
  follower: CatalogFollower,
  id: string,
  horizon: number,
): Promise<Result<KnownMetric>> {
  const found = findMetric(follower, id, horizon);
  if (found.ok || found.fault.code !== 'unknown_metric') return found;
  try {
    await follower.caughtUp();
  } catch {
    return refuse('log_unavailable', 'The definitions could not be read completely; try again.', 'metric');
  }
  return findMetric(follower, id, horizon);
}

export function describeView(view: View, { version, metric, aggregate }: KnownMetric): ViewInfo {
  return {
    view: viewId(view),
    metric: metric.id,
    version,
    title: metric.title,
    unit: metric.unit,
    better: metric.better,
    outputs: aggregate.outputs(metric.aggregate),
    empty: aggregate.empty,
    adds: aggregate.adds,
    groupBy: view.groupBy,
    window: view.window,
    range: view.range,
    pane: metric.pane,
    events: metric.events,
  };
}
