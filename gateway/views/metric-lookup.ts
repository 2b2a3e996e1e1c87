import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import { ok, type Result, refuse, shown } from '#contracts/errors.ts';
import type { Definition } from '#contracts/log/definition-record.ts';
import { type DerivedMetric, isDerived, parseDerived } from '#contracts/metric/derived-metric.ts';
import { formatExpression } from '#contracts/metric/expression/format-expression.ts';
import { parseExpression } from '#contracts/metric/expression/parse-expression.ts';
import { parseMetric } from '#contracts/metric/metric.ts';
import { MEAN_LENGTH } from '#contracts/time/calendar.ts';
import { expressionId, expressionText, isExpression } from '#contracts/view/asked-metric.ts';
import { resolveView } from '#contracts/view/resolve-view.ts';
import { stepOf, type View, type ViewInfo } from '#contracts/view/view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import type { CatalogFollower } from '#platform/definitions/follow.ts';
import type { ZoneOf } from '#platform/time/zone-table.ts';
import {
  type ExpandedMetric,
  expandDerived,
  type FoldedMetric,
  type ShownMetric,
} from '../core/derived/expand-derived.ts';
import { OUTPUTS, resolveDerived } from '../core/derived/resolve-derived.ts';
import type { OpenView } from '../core/view/live-view.ts';
import type { ViewHub } from '../core/view-hub.ts';
import { versionOfText, viewId } from './view-id.ts';

/** The version of a metric that is served. That of a derived one follows from its own and those of all that it is computed from. */
export type KnownMetric = FoldedMetric | { version: number; derived: ExpandedMetric };

/** Returns the metric of an id as it is served now. */
export function findMetric(
  { catalog: { metrics } }: Pick<CatalogFollower, 'catalog'>,
  id: string,
  horizon: number,
): Result<KnownMetric> {
  const found = isExpression(id) ? readExpression(id) : readServed(metrics.get(id), { id, horizon });
  if (!found.ok || 'metric' in found.value) return found as Result<FoldedMetric>;
  const { version, derived } = found.value;
  const expanded = expandServed(metrics, derived, horizon);
  if (!expanded.ok) return expanded;
  const uses = [...expanded.value.uses].sort(([a], [b]) => (a < b ? -1 : 1));
  return ok({ version: versionOfText(JSON.stringify([version, uses])), derived: expanded.value });
}

/** Puts what is served in the place of the parts of a derived metric. */
export const expandServed = (
  metrics: ReadonlyMap<string, Definition>,
  derived: DerivedMetric,
  horizon: number,
): Result<ExpandedMetric> =>
  expandDerived(
    derived,
    (id) => readServed(metrics.get(id), { id, horizon }),
    () => metrics.keys(),
  );

/** A derived metric that is not saved: its canonical text is its id. */
function readExpression(id: string): Result<{ version: number; derived: DerivedMetric }> {
  const expression = parseExpression(expressionText(id));
  if (!expression.ok) return expression;
  const title = formatExpression(expression.value);
  const own = { id: expressionId(title), title, unit: '', better: null, groupBy: null, window: null };
  return ok({ version: 0, derived: { ...own, expression: expression.value } });
}

type Read = Result<FoldedMetric | { version: number; derived: DerivedMetric }>;

function readServed(
  definition: Definition | undefined,
  { id, horizon }: { id: string; horizon: number },
): Read {
  if (definition === undefined) return refuse('unknown_metric', `There is no metric ${shown(id)}.`, 'metric');
  const { version, body } = definition.served;
  const known = READ.get(body);
  if (known?.version === version && known.horizon === horizon) return known.found;
  const found = isDerived(body) ? readDerived(id, version, body) : readFolded(id, version, { body, horizon });
  READ.set(body, { version, horizon, found });
  return found;
}

function readDerived(id: string, version: number, body: unknown): Read {
  const derived = parseDerived(id, body, { stored: true });
  return derived.ok ? ok({ version, derived: derived.value }) : derived;
}

function readFolded(
  id: string,
  version: number,
  { body, horizon }: { body: unknown; horizon: number },
): Read {
  const metric = parseMetric(id, body, { checkAggregate, horizon, stored: true });
  if (!metric.ok) return metric;
  return ok({ version, metric: metric.value, aggregate: aggregateOf(metric.value.aggregate) });
}

/** Each definition is parsed once, not at every request. */
const READ = new WeakMap<object, { version: number; horizon: number; found: Read }>();

const shownOf = (known: KnownMetric): ShownMetric => ('derived' in known ? known.derived : known.metric);

/** Opens a view of a metric, whatever it is. */
export const openView = (hub: ViewHub, view: View, known: KnownMetric): OpenView =>
  hub.open(view, known.version, 'derived' in known ? known.derived : known);

/** The same, but waits for the catalog where the metric is unknown: another gateway may have stored it a moment ago. */
export async function findWrittenMetric(
  follower: CatalogFollower,
  id: string,
  horizon: number,
): Promise<Result<KnownMetric>> {
  const found = findMetric(follower, id, horizon);
  if (found.ok || (found.fault.code !== 'unknown_metric' && found.fault.code !== 'unknown_part'))
    return found;
  try {
    await follower.caughtUp();
  } catch {
    return refuse('log_unavailable', 'The definitions could not be read completely; try again.', 'metric');
  }
  return findMetric(follower, id, horizon);
}

/** Resolves a request of the metric. */
export function resolveRequest(request: ViewRequest, known: KnownMetric, zoneOf: ZoneOf): Result<View> {
  if ('derived' in known) return resolveDerived(request, known.derived, { zoneOf });
  const { metric, aggregate } = known;
  return resolveView(request, metric, { zoneOf, outputs: aggregate.outputs(metric.aggregate) });
}

/** What a derived metric has of an aggregate: a window without a cell has no value, and values do not add. */
const COMPUTED = { outputs: OUTPUTS, empty: 'none', adds: 'nothing' } as const;

export function describeView(view: View, known: KnownMetric): ViewInfo {
  const metric = shownOf(known);
  return {
    view: viewId(view),
    metric: metric.id,
    version: known.version,
    title: metric.title,
    unit: metric.unit,
    better: metric.better,
    ...('derived' in known ? COMPUTED : aggregated(known)),
    groupBy: view.groupBy,
    ...describeWindows(view),
    ...(view.compare === null ? {} : { compare: true as const }),
    ...(view.top === null ? {} : { top: { ...view.top } }),
    pane: metric.pane,
    events: metric.events,
  };
}

function aggregated({
  metric,
  aggregate,
}: FoldedMetric): Pick<ViewInfo, 'outputs' | 'named' | 'empty' | 'adds'> {
  const { empty, adds, reduced } = aggregate;
  const named = reduced?.names === undefined ? {} : { named: reduced.names.count(metric.aggregate) };
  return { outputs: aggregate.outputs(metric.aggregate), ...named, empty, adds };
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
