import type { Aggregate } from '#aggregates/aggregate.ts';
import { aggregateOf, checkAggregate } from '#aggregates/registry.ts';
import { type Metric, parseMetric } from '#contracts/metric/metric.ts';
import { isoTime } from '#contracts/time/civil-date.ts';
import type { Zone } from '#contracts/time/zone.ts';
import { resolveView } from '#contracts/view/resolve-view.ts';
import { type View, type ViewInfo, viewText } from '#contracts/view/view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { EPOCH } from './ops.ts';
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

/** A zone whose clocks are changed every few seconds, between panes, so that its hours are short. */
const CHANGES = Array.from({ length: 60 }, (_, i) => EPOCH - 60_000 + 4_000 * i + (i % 3) * 2_000);
const RESTLESS: Zone = {
  name: 'Test/Restless',
  changes: CHANGES,
  offsets: [0, ...CHANGES.map((_, i) => (i % 2 === 0 ? 3_600_000 : 0))],
};
const HOURS = { calendar: 'hour', timezone: RESTLESS.name } as const;
const THIS_HOUR = { this: 'hour', timezone: RESTLESS.name } as const;
/** Runs begin before it, and the longer ones end behind it. */
const BETWEEN = { from: isoTime(EPOCH + 3_000), to: isoTime(EPOCH + 13_000) };

/** Views by what is special about their windows: one for each client. */
export const VIEW_KINDS = {
  /** Windows that overlap, follow a calendar or are all of a range that moves. */
  windows: [
    simView(FIRST, { window: { size: '10s', every: '2s' }, range: '14s' }),
    simView(FIRST, { window: HOURS, range: '3h' }),
    simView(FIRST, { groupBy: [], window: 'whole', range: '10s' }),
    simView(FIRST, { where: { g: ['x', 'y'] }, window: { size: '6s', every: '4s' }, range: '12s' }),
    simView(LATER, { window: { size: '8s', every: '2s' }, range: '12s' }),
  ],
  /** Ranges that stand still until they are over. */
  ranges: [
    simView(FIRST, { range: BETWEEN }),
    simView(FIRST, { groupBy: [], window: 'whole', range: BETWEEN }),
    simView(FIRST, { range: THIS_HOUR }),
    simView(FIRST, { window: { size: '6s', every: '4s' }, range: BETWEEN }),
    simView(LATER, { window: 'whole', range: THIS_HOUR }),
  ],
  /** An earlier range beside. */
  compared: [
    simView(FIRST, { range: '6s', compare: 'previous' }),
    simView(FIRST, { groupBy: [], window: '4s', range: '4s', compare: '2s' }),
    simView(FIRST, { window: HOURS, range: '2h', compare: 'previous' }),
    simView(FIRST, { window: { size: '6s', every: '2s' }, range: '10s', compare: 'previous' }),
    simView(LATER, { window: 'whole', range: THIS_HOUR, compare: 'previous' }),
  ],
  /** The groups with the highest values. */
  top: [
    simView(FIRST, { range: '8s', top: { limit: 1 } }),
    simView(FIRST, { window: 'whole', range: '10s', top: { limit: 2 } }),
    simView(FIRST, { range: '6s', compare: 'previous', top: { limit: 1 } }),
    simView(FIRST, { window: HOURS, range: '3h', top: { limit: 1 } }),
    simView(FIRST, { range: BETWEEN, top: { limit: 2 } }),
  ],
} as const satisfies Record<string, readonly SimView[]>;

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
  const zoneOf = (name: string) => (name === RESTLESS.name ? RESTLESS : null);
  const outputs = aggregate.outputs(metric.aggregate);
  const view = demand(resolveView(asked, metric, { zoneOf, outputs }));
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
