import { ok, type Result, refuse, shown } from '../errors.ts';
import type { Metric } from '../metric/metric.ts';
import { conditionsOf, WHERE, type Where } from '../metric/where.ts';
import { readAs } from '../schema/read-as.ts';
import { nullable, type Schema, type Static } from '../schema/schema.ts';
import { DURATION, durationOf } from '../text/duration.ts';

/** What a subscriber asks for, and what a panel shows. */
export const VIEW_REQUEST = {
  type: 'object',
  required: ['metric'],
  additionalProperties: false,
  subject: 'A view request is an object with at least metric',
  member: 'a field of a view; allowed are',
  unknownAtObject: true,
  properties: {
    metric: { type: 'string', expected: 'the id of a metric', description: 'The id of a metric' },
    where: nullable({
      ...WHERE,
      description: 'Filter on dimensions of the metric: { country: "DE" }, { country: ["DE", "FR"] }',
    }),
    groupBy: {
      type: 'array',
      items: { type: 'string' },
      expected: 'a list of dimensions',
      whole: true,
      description: "Dimensions to keep, a subset of the metric's; default: all. The others are merged",
    },
    window: {
      ...DURATION,
      description: "Duration text, a multiple of the pane; default: the metric's window",
    },
    range: nullable({
      ...DURATION,
      default: '15m',
      description: 'Duration text; default 15m. Rounded up to whole windows',
    }),
  },
} as const satisfies Schema;

/** What a subscriber asks for. Only `metric` is required. */
export type ViewRequest = Static<typeof VIEW_REQUEST>;

/** A view in canonical form: equal requests give equal views and one shared id. */
export interface View {
  metric: string;
  /** Sorted by dimension; values sorted. */
  where: { dimension: string; values: string[] }[];
  /** In the metric's declared order. */
  groupBy: string[];
  window: number;
  range: number;
}

/** Windows a view may have: beyond that no screen shows them. */
export const MAX_WINDOWS = 2_000;

/** Reads the shape of a request; what the metric allows, `resolveView` checks. */
export const parseViewRequest = (raw: unknown): Result<ViewRequest> =>
  readAs(VIEW_REQUEST, raw, { code: 'invalid_view' });

export function resolveView(request: ViewRequest, metric: Metric): Result<View> {
  const window = request.window === undefined ? metric.window : durationOf(request.window);
  if (window % metric.pane !== 0) {
    return refuse(
      'invalid_view',
      `window: expected a multiple of the pane of ${metric.pane} ms, got ${shown(request.window)}.`,
      'window',
    );
  }
  const range = durationOf(request.range ?? VIEW_REQUEST.properties.range.anyOf[0].default);
  const windows = Math.ceil(range / window);
  if (windows > MAX_WINDOWS) {
    return refuse(
      'view_too_large',
      `range: ${windows} windows; at most ${MAX_WINDOWS} are allowed. Ask for a longer window.`,
      'range',
    );
  }
  const groupBy = resolveGroupBy(request.groupBy, metric);
  if (!groupBy.ok) return groupBy;
  const where = resolveWhere(request.where, metric);
  if (!where.ok) return where;
  return ok({
    metric: metric.id,
    where: where.value,
    groupBy: groupBy.value,
    window,
    range: windows * window,
  });
}

function resolveGroupBy(wanted: ViewRequest['groupBy'], metric: Metric): Result<string[]> {
  if (wanted === undefined) return ok(metric.groupBy);
  const unknown = wanted.find((name) => !metric.groupBy.includes(name));
  if (unknown !== undefined) {
    return refuse(
      'invalid_view',
      `groupBy: ${shown(unknown)} is not a dimension of ${metric.id}; it has ${shown(metric.groupBy)}.`,
      'groupBy',
    );
  }
  return ok(metric.groupBy.filter((name) => wanted.includes(name)));
}

function resolveWhere(where: Where | null | undefined, metric: Metric): Result<View['where']> {
  const out: View['where'] = [];
  for (const condition of conditionsOf(where)) {
    if (!metric.groupBy.includes(condition.path)) {
      return refuse(
        'invalid_view',
        `where: ${shown(condition.path)} is not a dimension of ${metric.id}; it has ${shown(metric.groupBy)}.`,
        'where',
      );
    }
    if (condition.op !== 'in')
      return refuse('invalid_view', `where: a view filters by equality or a list only.`, 'where');
    out.push({ dimension: condition.path, values: condition.values });
  }
  return ok(out);
}

/** The canonical text of a view: its identity. */
export const viewText = (view: View): string =>
  JSON.stringify([view.metric, view.where, view.groupBy, view.window, view.range]);

/** What a subscriber learns about its view beside the data. */
export interface ViewInfo {
  view: string;
  metric: string;
  version: number;
  title: string;
  unit: string;
  better: 'higher' | 'lower' | null;
  /** Names of the aggregate's outputs, in the order of a frame's `values`. */
  outputs: string[];
  /** What a window without a cell means: zero, or no value. */
  empty: 'zero' | 'none';
  /** Over what values may be added: over windows and groups (a count), over the groups of one window (a rate), or over nothing (a quantile). */
  adds: 'windows' | 'groups' | 'nothing';
  groupBy: string[];
  window: number;
  range: number;
  pane: number;
  /** Event names the metric counts; null for every event. For empty panels that teach. */
  events: string[] | null;
}
