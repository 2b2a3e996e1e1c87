import type { Aggregate } from '#aggregates/aggregate.ts';
import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';
import { resolveView } from '#contracts/view/resolve-view.ts';
import { type View, type ViewInfo, viewText } from '#contracts/view/view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { changing, FIRST, HORIZON, LATER, type SimMetric } from './simulated-metrics.ts';

/** One view that clients ask for. */
export interface SimView {
  request: ViewRequest;
  view: View;
  version: number;
  definition: { metric: Metric; aggregate: Aggregate };
  info: ViewInfo;
}

/** Ranges are short, so that windows enter and leave all the time. */
export const SIM_VIEWS: readonly SimView[] = [
  simView(FIRST, { range: '8s' }),
  simView(FIRST, { groupBy: [], window: '4s', range: '16s' }),
  simView(FIRST, { where: { g: ['x', 'y'] }, range: '12s' }),
  simView(LATER, { range: '10s' }),
];

/** Views of the changing metric: the same ones in all its versions. */
export const CHANGING_VIEWS: readonly SimView[] = [
  simView(changing(0, 0), { range: '8s' }),
  simView(changing(0, 0), { window: '4s', range: '16s' }),
];

/** The view as another version of its metric gives it. */
export const viewIn = ({ request: { metric: _, ...request } }: SimView, of: SimMetric): SimView =>
  simView(of, request);

function simView(of: SimMetric, request: Omit<ViewRequest, 'metric'>): SimView {
  const metric = demand(parseMetric(of.id, of.definition, { checkAggregate, horizon: HORIZON }));
  const asked = { metric: of.id, ...request };
  const aggregate = aggregateOf(metric.aggregate);
  const outputs = aggregate.outputs(metric.aggregate);
  const view = demand(resolveView(asked, metric, { zoneOf: () => null, outputs }));
  const info: ViewInfo = {
    view: viewText(view),
    metric: of.id,
    version: of.version,
    title: of.id,
    unit: '',
    better: null,
    outputs: ['value'],
    empty: 'zero',
    adds: 'windows',
    groupBy: view.groupBy,
    window: 0,
    range: 0,
    pane: metric.pane,
    events: metric.events,
  };
  const definition = { metric, aggregate };
  return { request: asked, view, version: of.version, definition, info };
}

function demand<T>(read: { ok: true; value: T } | { ok: false; fault: { message: string } }): T {
  if (!read.ok) throw new Error(read.fault.message);
  return read.value;
}
