import { found, ok, type Result, refuse, shown } from '../errors.ts';
import type { Metric } from '../metric/metric.ts';
import { parseWhere } from '../metric/where.ts';
import { parseDuration } from '../text/duration.ts';

/** What a subscriber asks for. Only `metric` is required. */
export interface ViewRequest {
  metric: string;
  /** Filter on dimensions of the metric: `{ country: "DE" }`, `{ country: ["DE", "FR"] }`. */
  where?: Record<string, unknown>;
  /** Dimensions to keep, a subset of the metric's; default: all. The others are merged. */
  groupBy?: string[];
  /** Duration text, a multiple of the pane; default: the metric's window. */
  window?: string;
  /** Duration text; default 15m. Rounded up to whole windows. */
  range?: string;
}

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
const REQUEST_FIELDS = ['metric', 'where', 'groupBy', 'window', 'range'];

/** Reads the shape of a request; what the metric allows, `resolveView` checks. */
export function parseViewRequest(raw: unknown): Result<ViewRequest> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return refuse('invalid_view', `A view request is an object with at least metric, ${found(raw)}.`);
  }
  const request = raw as Record<string, unknown>;
  const unknown = Object.keys(request).find((k) => !REQUEST_FIELDS.includes(k));
  if (unknown !== undefined) {
    return refuse(
      'invalid_view',
      `${shown(unknown)} is not a field of a view; allowed are ${REQUEST_FIELDS.join(', ')}.`,
      unknown,
    );
  }
  if (typeof request.metric !== 'string') {
    return refuse('invalid_view', `metric: expected the id of a metric, ${found(request.metric)}.`, 'metric');
  }
  return ok(raw as ViewRequest);
}

export function resolveView(request: ViewRequest, metric: Metric): Result<View> {
  const window = request.window === undefined ? ok(metric.window) : parseDuration(request.window, 'window');
  if (!window.ok) return window;
  if (window.value % metric.pane !== 0) {
    return refuse(
      'invalid_view',
      `window: expected a multiple of the pane of ${metric.pane} ms, got ${shown(request.window)}.`,
      'window',
    );
  }
  const range = parseDuration(request.range ?? '15m', 'range');
  if (!range.ok) return range;
  const windows = Math.ceil(range.value / window.value);
  if (windows > MAX_WINDOWS) {
    return refuse(
      'view_too_large',
      `range: ${windows} windows; at most ${MAX_WINDOWS} are allowed. Ask for a longer window.`,
      'range',
    );
  }
  const groupBy = readGroupBy(request.groupBy, metric);
  if (!groupBy.ok) return groupBy;
  const where = readWhere(request.where, metric);
  if (!where.ok) return where;
  return ok({
    metric: metric.id,
    where: where.value,
    groupBy: groupBy.value,
    window: window.value,
    range: windows * window.value,
  });
}

function readGroupBy(value: unknown, metric: Metric): Result<string[]> {
  if (value === undefined) return ok(metric.groupBy);
  if (!Array.isArray(value))
    return refuse('invalid_view', `groupBy: expected a list of dimensions, got ${shown(value)}.`, 'groupBy');
  const unknown = value.find((v) => !metric.groupBy.includes(v));
  if (unknown !== undefined) {
    return refuse(
      'invalid_view',
      `groupBy: ${shown(unknown)} is not a dimension of ${metric.id}; it has ${shown(metric.groupBy)}.`,
      'groupBy',
    );
  }
  return ok(metric.groupBy.filter((d) => value.includes(d)));
}

function readWhere(value: unknown, metric: Metric): Result<View['where']> {
  const read = parseWhere(value);
  if (!read.ok) return read;
  const out: View['where'] = [];
  for (const condition of read.value) {
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
