import { found, ok, type Result, refuse, shown } from '../errors.ts';
import { DAY, formatDuration, parseDuration } from '../text/duration.ts';
import { type AggregateCall, formatAggregate, parseAggregate } from './aggregate-call.ts';
import { defaultPane } from './pane.ts';
import { isPropertyPath, MAX_PATH } from './property-path.ts';
import { type Condition, formatWhere, parseWhere } from './where.ts';

/** A metric definition, read and completed. Durations are milliseconds. */
export interface Metric {
  id: string;
  title: string;
  unit: string;
  /** Which way is good: colours deltas, nothing else. */
  better: 'higher' | 'lower' | null;
  retention: number;
  /** Event names, sorted; null means every event. */
  events: string[] | null;
  where: Condition[];
  aggregate: AggregateCall;
  groupBy: string[];
  /** The default view window; readers may ask for any multiple of the pane. */
  window: number;
  pane: number;
  lateness: number;
}

/** What a registry of aggregates says of a call: the call in canonical form, or why not. */
export type CheckAggregate = (call: AggregateCall) => Result<AggregateCall>;

export const ID = /^[a-z][a-z0-9_.-]{0,99}$/;
export const METRIC_FIELDS = [
  'id',
  'title',
  'unit',
  'event',
  'where',
  'aggregate',
  'groupBy',
  'window',
  'pane',
  'lateness',
  'retention',
  'better',
];
export const MAX_DIMENSIONS = 8;
/** The longest tumbling window, and so the coarsest pane. */
const MAX_WINDOW = DAY;

export interface MetricRules {
  checkAggregate: CheckAggregate;
  /** Upper bound of `lateness`, ms: the de-duplication horizon (rule 3). */
  horizon: number;
  /** The definition was accepted before: what only newer rules refuse is read as it was. */
  stored?: boolean;
}

/** Reads a definition as it comes from JSON or YAML. Refusals name the field, what was found and what is allowed. */
export function parseMetric(id: string, raw: unknown, rules: MetricRules): Result<Metric> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return refuse(
      'invalid_definition',
      `A metric is an object with at least event and aggregate, ${found(raw)}.`,
    );
  }
  const input = raw as Record<string, unknown>;
  const head = readHead(id, input);
  if (!head.ok) return head;
  const events = readEvents(input.event);
  if (!events.ok) return events;
  const where = parseWhere(input.where);
  if (!where.ok) return where;
  const form = parseAggregate(input.aggregate, rules);
  if (!form.ok) return form;
  const aggregate = rules.checkAggregate(form.value);
  if (!aggregate.ok) return aggregate;
  const groupBy = readGroupBy(input.groupBy);
  if (!groupBy.ok) return groupBy;
  const times = readTimes(input, rules.horizon);
  if (!times.ok) return times;
  return ok({
    ...head.value,
    events: events.value,
    where: where.value,
    aggregate: aggregate.value,
    groupBy: groupBy.value,
    ...times.value,
  });
}

function readHead(
  id: string,
  input: Record<string, unknown>,
): Result<Pick<Metric, 'id' | 'title' | 'unit' | 'better'>> {
  const unknown = Object.keys(input).find((k) => !METRIC_FIELDS.includes(k));
  if (unknown !== undefined) {
    return refuse(
      'invalid_definition',
      `${shown(unknown)} is not a field of a metric; allowed are ${METRIC_FIELDS.join(', ')}.`,
      unknown,
    );
  }
  if (!ID.test(id)) {
    return refuse(
      'invalid_definition',
      `id: expected lower-case letters, digits, "_", "-" or ".", starting with a letter, at most 100, got ${shown(id)}.`,
      'id',
    );
  }
  if (input.id !== undefined && input.id !== id) {
    return refuse(
      'invalid_definition',
      `id: the address says ${shown(id)}, the definition ${shown(input.id)}.`,
      'id',
    );
  }
  const { title = id, unit = '', better = null } = input;
  for (const [field, value, max] of [
    ['title', title, 200],
    ['unit', unit, 40],
  ] as const) {
    if (typeof value !== 'string' || value.length > max) {
      return refuse(
        'invalid_definition',
        `${field}: expected text of at most ${max} characters, ${found(value)}.`,
        field,
      );
    }
  }
  if (better !== null && better !== 'higher' && better !== 'lower') {
    return refuse(
      'invalid_definition',
      `better: expected "higher" or "lower", got ${shown(better)}.`,
      'better',
    );
  }
  return ok({ id, title: title as string, unit: unit as string, better });
}

function readEvents(value: unknown): Result<string[] | null> {
  if (value === '*') return ok(null);
  const list = Array.isArray(value) ? value : [value];
  const good = list.every((v) => typeof v === 'string' && v !== '' && v.length <= 200 && v !== '*');
  if (good && list.length > 0 && list.length <= 100) return ok([...new Set(list as string[])].sort());
  return refuse(
    'invalid_definition',
    `event: expected a name, a list of 1 to 100 names, or "*", ${found(value)}.`,
    'event',
  );
}

function readGroupBy(value: unknown): Result<string[]> {
  if (value === undefined || value === null) return ok([]);
  const list = Array.isArray(value) ? value : [value];
  const good = list.every(isPropertyPath);
  if (good && new Set(list).size === list.length && list.length <= MAX_DIMENSIONS)
    return ok(list as string[]);
  return refuse(
    'invalid_definition',
    `groupBy: expected at most ${MAX_DIMENSIONS} different properties of 1 to ${MAX_PATH} characters, ${found(value)}.`,
    'groupBy',
  );
}

function readTimes(
  input: Record<string, unknown>,
  horizon: number,
): Result<Pick<Metric, 'window' | 'pane' | 'lateness' | 'retention'>> {
  const { window: rawWindow = '10s', lateness: rawLateness = '1m', retention: rawRetention = '30d' } = input;
  const window = parseDuration(rawWindow, 'window');
  if (!window.ok) {
    return refuse(
      'invalid_window',
      `window: expected a tumbling window such as "10s", got ${shown(rawWindow)}.`,
      'window',
    );
  }
  const pane = input.pane === undefined ? ok(defaultPane(window.value)) : parseDuration(input.pane, 'pane');
  if (!pane.ok) return pane;
  if (window.value % 1_000 !== 0 || window.value > MAX_WINDOW) {
    return refuse(
      'invalid_window',
      `window: expected whole seconds, at most 1d, got ${shown(rawWindow)}.`,
      'window',
    );
  }
  if (pane.value % 1_000 !== 0 || window.value % pane.value !== 0) {
    return refuse(
      'invalid_window',
      `pane: expected whole seconds that divide the window, got ${shown(input.pane)}.`,
      'pane',
    );
  }
  const lateness = parseDuration(rawLateness, 'lateness');
  if (!lateness.ok) return lateness;
  if (lateness.value > horizon) {
    return refuse(
      'out_of_range',
      `lateness: at most the horizon of ${formatDuration(horizon)}, got ${shown(rawLateness)}.`,
      'lateness',
    );
  }
  const retention = parseDuration(rawRetention, 'retention');
  if (!retention.ok) return retention;
  return ok({ window: window.value, pane: pane.value, lateness: lateness.value, retention: retention.value });
}

/** The definition as plain JSON: canonical, and `parseMetric` reads it back to the same metric. */
export function formatMetric(metric: Metric): Record<string, unknown> {
  return {
    id: metric.id,
    title: metric.title,
    ...(metric.unit === '' ? {} : { unit: metric.unit }),
    event: metric.events === null ? '*' : metric.events.length === 1 ? metric.events[0] : metric.events,
    ...(metric.where.length === 0 ? {} : { where: formatWhere(metric.where) }),
    aggregate: formatAggregate(metric.aggregate),
    ...(metric.groupBy.length === 0 ? {} : { groupBy: metric.groupBy }),
    window: formatDuration(metric.window),
    pane: formatDuration(metric.pane),
    lateness: formatDuration(metric.lateness),
    retention: formatDuration(metric.retention),
    ...(metric.better === null ? {} : { better: metric.better }),
  };
}

/**
 * Everything that decides what a stored state holds, as one text: two definitions with equal text share their
 * states; a change of it needs a new version (rule 7).
 */
export function foldText(metric: Metric): string {
  const { events, where, aggregate, groupBy, pane, lateness } = metric;
  return JSON.stringify([events, where, formatAggregate(aggregate), groupBy, pane, lateness]);
}
