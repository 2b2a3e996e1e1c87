import type { Aggregate } from '#aggregates/aggregate.ts';
import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';
import { MEAN_LENGTH } from '#contracts/time/calendar.ts';
import { resolveView } from '#contracts/view/resolve-view.ts';
import { stepOf, type View, type ViewInfo } from '#contracts/view/view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import type { CatalogFollower } from '#platform/definitions/follow.ts';
import type { ZoneOf } from '#platform/time/zone-table.ts';
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

/** Resolves a request of the metric. */
export const resolveRequest = (
  request: ViewRequest,
  { metric, aggregate }: KnownMetric,
  zoneOf: ZoneOf,
): Result<View> => resolveView(request, metric, { zoneOf, outputs: aggregate.outputs(metric.aggregate) });

export function describeView(view: View, { version, metric, aggregate }: KnownMetric): ViewInfo {
  const outputs = aggregate.outputs(metric.aggregate);
  return {
    view: viewId(view),
    metric: metric.id,
    version,
    title: metric.title,
    unit: metric.unit,
    better: metric.better,
    outputs,
    empty: aggregate.empty,
    adds: aggregate.adds,
    groupBy: view.groupBy,
    ...describeWindows(view),
    ...(view.compare === null ? {} : { compare: true as const }),
    ...(view.top === null ? {} : { top: { ...view.top } }),
    pane: metric.pane,
    events: metric.events,
  };
}

type Described = Pick<ViewInfo, 'window' | 'range' | 'every' | 'calendar' | 'whole' | 'between'>;

function describeWindows({ windows, range }: View): Described {
  const step = Math.round(stepOf(windows));
  const length = lengthOf(range, step);
  const between = range.kind === 'between' ? { between: { from: range.from, to: range.to } } : {};
  if (windows.kind === 'whole') return { window: length, range: length, whole: true, ...between };
  if (windows.kind === 'calendar') {
    const calendar = { unit: windows.unit, timezone: windows.zone.name };
    return { window: step, range: length, calendar, ...between };
  }
  const { size, every } = windows;
  if (size === every) return { window: size, range: length, ...between };
  const isWhole = range.kind === 'last' && range.windows === 1;
  return {
    window: size,
    range: isWhole ? size : length,
    every,
    ...(isWhole ? { whole: true as const } : {}),
    ...between,
  };
}

function lengthOf(range: View['range'], step: number): number {
  if (range.kind === 'last') return range.windows * step;
  return range.kind === 'between' ? range.to - range.from : Math.round(MEAN_LENGTH[range.unit]);
}
