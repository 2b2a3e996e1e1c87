import { ok, type Result, refuse, shown } from '../errors.ts';
import { anyOf, type Filter } from '../filter/filter.ts';
import { filtersOf, formatWhere, WHERE } from '../filter/where.ts';
import { checkId, OWN_ID } from '../id.ts';
import { readAs } from '../schema/read-as.ts';
import { nullable, type Schema, type Static } from '../schema/schema.ts';
import { DAY, DURATION, durationOf, formatDuration } from '../text/duration.ts';
import { type AggregateCall, formatAggregate, parseAggregate } from './aggregate-call.ts';
import { formOf } from './aggregate-forms.ts';
import { isBuiltIn } from './built-in.ts';
import { defaultPane, leastPane, PANES_HELD } from './pane.ts';
import { MAX_PATH, PATH } from './property-path.ts';
import { formatRetention, RETENTION, type Retention, retentionOf } from './retention.ts';

/** A metric definition, read and completed. Durations are milliseconds. */
export interface Metric {
  id: string;
  title: string;
  unit: string;
  /** Which way is good: colours deltas, nothing else. */
  better: 'higher' | 'lower' | null;
  retention: Retention;
  /** Event names, sorted; null means every event. */
  events: string[] | null;
  /** All must hold; in normal form. */
  where: Filter[];
  aggregate: AggregateCall;
  groupBy: string[];
  /** The default view window; readers may ask for any multiple of the pane. */
  window: number;
  pane: number;
  lateness: number;
}

/** What a registry of aggregates says of a call: the call in canonical form, or why not. */
export type CheckAggregate = (call: AggregateCall) => Result<AggregateCall>;

const MAX_DIMENSIONS = 8;
/** The longest tumbling window, and so the coarsest pane. */
const MAX_WINDOW = DAY;

const EVENT_NAME = { type: 'string', minLength: 1, maxLength: 200 } as const satisfies Schema;

/** A metric definition as it is sent, in JSON or YAML. */
export const METRIC = {
  type: 'object',
  required: ['event', 'aggregate'],
  additionalProperties: false,
  subject: 'A metric is an object with at least event and aggregate',
  member: 'a field of a metric; allowed are',
  properties: {
    id: OWN_ID,
    title: { type: 'string', maxLength: 200, description: 'Default: the id' },
    unit: { type: 'string', maxLength: 40, default: '', description: 'Default: none' },
    event: {
      description: 'An event name, a list of 1 to 100 of them, or "*" for every event',
      expected: 'a name, a list of 1 to 100 names, or "*"',
      whole: true,
      anyOf: [
        EVENT_NAME,
        {
          type: 'array',
          items: { ...EVENT_NAME, pattern: '^(?!\\*$)', examples: ['order', 'checkout paid', '**'] },
          minItems: 1,
          maxItems: 100,
        },
      ],
    },
    where: nullable(WHERE),
    aggregate: {
      type: 'string',
      description:
        'For example count, sum(amount), sum("Price (EUR)"), quantiles(latency_ms, 0.5, 0.99) or share(plan = pro)',
      expected: 'a form such as "count", "sum(amount)" or "quantiles(latency_ms, 0.5, 0.99)"',
    },
    groupBy: {
      description: 'Dotted paths of properties',
      expected: `at most ${MAX_DIMENSIONS} different properties of 1 to ${MAX_PATH} characters`,
      whole: true,
      anyOf: [
        PATH,
        { type: 'array', items: PATH, maxItems: MAX_DIMENSIONS, uniqueItems: true },
        { type: 'null' },
      ],
    },
    window: {
      ...DURATION,
      code: 'invalid_window',
      expected: 'a tumbling window such as "10s"',
      default: '10s',
      description: 'The default window of a view: whole seconds, at most 1d; default 10s',
      check: checkWindow,
      examples: ['10s', '1m', '1d'],
    },
    pane: {
      ...DURATION,
      description: 'Size of the stored slices of time: whole seconds that divide the window',
    },
    lateness: {
      ...DURATION,
      default: '1m',
      description: 'How late an event may be and still count; default 1m',
    },
    retention: RETENTION,
    better: {
      enum: ['higher', 'lower', null],
      expected: '"higher" or "lower"',
      description: 'Which way is good',
    },
  },
} as const satisfies Schema;

type Definition = Static<typeof METRIC>;

export const METRIC_FIELDS = Object.keys(METRIC.properties);

function checkWindow(text: unknown, field: string) {
  const window = durationOf(String(text));
  if (window % 1_000 === 0 && window <= MAX_WINDOW) return null;
  const message = `${field}: expected whole seconds, at most 1d, got ${shown(text)}.`;
  return refuse('invalid_window', message, field).fault;
}

export interface MetricRules {
  checkAggregate: CheckAggregate;
  /** Upper bound of `lateness`, ms: the de-duplication horizon (rule 3). */
  horizon: number;
  /** The definition was accepted before: what only newer rules refuse is read as it was. */
  stored?: boolean;
}

/** Reads a definition as it comes from JSON or YAML. Refusals name the field, what was found and what is allowed. */
export function parseMetric(id: string, raw: unknown, rules: MetricRules): Result<Metric> {
  const read = readAs(METRIC, raw, { code: 'invalid_definition' });
  if (!read.ok) return read;
  const definition = read.value;
  // A built-in metric is stored like any other, under an id that nobody can give.
  const named = rules.stored && isBuiltIn(id) ? ok(id) : checkId(id, definition.id);
  if (!named.ok) return named;
  const form = parseAggregate(definition.aggregate, rules);
  if (!form.ok) return form;
  const aggregate = rules.checkAggregate(form.value);
  if (!aggregate.ok) return aggregate;
  const times = readTimes(definition, aggregate.value, rules);
  if (!times.ok) return times;
  const { title = id, unit = METRIC.properties.unit.default, better = null } = definition;
  return ok({
    id,
    title,
    unit,
    better,
    events: definition.event === '*' ? null : [...new Set([definition.event].flat())].sort(),
    where: filtersOf(definition.where),
    aggregate: aggregate.value,
    groupBy: [definition.groupBy ?? []].flat(),
    ...times.value,
  });
}

function readTimes(
  definition: Definition,
  aggregate: AggregateCall,
  { horizon, stored }: MetricRules,
): Result<Pick<Metric, 'window' | 'pane' | 'lateness' | 'retention'>> {
  const { properties: fields } = METRIC;
  const window = durationOf(definition.window ?? fields.window.default);
  const least = leastPane(aggregate);
  const pane = definition.pane === undefined ? defaultPane(window, least) : durationOf(definition.pane);
  if (pane % 1_000 !== 0 || window % pane !== 0) {
    return refuse(
      'invalid_window',
      `pane: expected whole seconds that divide the window, got ${shown(definition.pane)}.`,
      'pane',
    );
  }
  if (pane < least && !stored) return refuseShortPane(aggregate, { window, pane, least });
  const lateness = durationOf(definition.lateness ?? fields.lateness.default);
  if (lateness > horizon) {
    return refuse(
      'out_of_range',
      `lateness: at most the horizon of ${formatDuration(horizon)}, got ${shown(definition.lateness ?? fields.lateness.default)}.`,
      'lateness',
    );
  }
  const retention = retentionOf(definition.retention);
  return retention.ok ? ok({ window, pane, lateness, retention: retention.value }) : retention;
}

/** The refusal of a pane that is too short for how long samples hold, with values that fit. */
function refuseShortPane(
  call: AggregateCall,
  { window, pane, least }: { window: number; pane: number; least: number },
) {
  const fitting = defaultPane(window, least);
  const longer =
    fitting >= least
      ? `a pane of ${formatDuration(fitting)}`
      : `a window of ${formatDuration(least)} or more`;
  const shorter = formatAggregate({ ...call, spans: [PANES_HELD * pane] });
  return refuse(
    'out_of_range',
    `pane: a sample of ${formatAggregate(call)} holds for more than ${PANES_HELD} panes of ${formatDuration(pane)}, each of which it changes. Use ${longer}, or a shorter hold: ${shorter}.`,
    'pane',
  );
}

/** What an event must fit to count, all of it: the metric's filter, and one of the conditions where the aggregate counts no other events. */
export function countedWhere({ where, aggregate }: Pick<Metric, 'where' | 'aggregate'>): Filter[] {
  const { name, conditions = [] } = aggregate;
  return formOf(name)?.isSelective === true ? [...where, anyOf(conditions)] : where;
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
    retention: formatRetention(metric.retention),
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
