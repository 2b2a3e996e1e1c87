import { ok, type Result, refuse, shown } from '../errors.ts';
import { parseTimestamp } from '../event/timestamp.ts';
import { pathsIn } from '../filter/filter.ts';
import { filtersOf, type Where } from '../filter/where.ts';
import type { Metric } from '../metric/metric.ts';
import { DAY, durationOf, formatDuration, HOUR } from '../text/duration.ts';
import { type CalendarUnit, LONGEST } from '../time/calendar.ts';
import type { Zone } from '../time/zone.ts';
import { autoWindow } from './auto-window.ts';
import { type Compare, stepOf, type Top, type View, type ViewRange, type ViewWindows } from './view.ts';
import { DEFAULT_POINTS, MAX_WINDOWS, VIEW_REQUEST, type ViewRequest } from './view-request.ts';
import { wholeWindow } from './whole-window.ts';

/** What a request is resolved with, beside the metric. */
export interface ViewRules {
  /** Returns the zone of a name; null for a name that is none. */
  zoneOf: (name: string) => Zone | null;
  /** Names of the metric's outputs. */
  outputs: readonly string[];
}

/** What a view request is judged by. */
export type ViewedMetric = Pick<Metric, 'id' | 'pane' | 'window' | 'groupBy'>;

type Asked<Field extends keyof ViewRequest> = NonNullable<ViewRequest[Field]>;

const isText = (value: unknown): value is string => typeof value === 'string';

/** Completes a request by its metric, or refuses what the metric does not allow. */
export function resolveView(request: ViewRequest, metric: ViewedMetric, rules: ViewRules): Result<View> {
  const range = readRange(request.range ?? VIEW_REQUEST.properties.range.anyOf[0].default, rules);
  if (!range.ok) return range;
  const windows = readWindows(request, range.value, { metric, rules });
  if (!windows.ok) return windows;
  const counted = countWindows(windows.value, range.value, request.window === 'whole');
  if (!counted.ok) return counted;
  const compare = readCompare(request.compare ?? null, { ...counted.value, pane: metric.pane });
  if (!compare.ok) return compare;
  const groupBy = resolveGroupBy(request.groupBy, metric);
  if (!groupBy.ok) return groupBy;
  const where = resolveWhere(request.where, metric);
  if (!where.ok) return where;
  const top = readTop(request.top ?? null, groupBy.value, rules.outputs);
  if (!top.ok) return top;
  return ok({
    metric: metric.id,
    where: where.value,
    groupBy: groupBy.value,
    ...counted.value,
    compare: compare.value,
    top: top.value,
  });
}

/** A range as it was asked for: of a duration it is not known yet how many windows it has. */
type AskedRange = { kind: 'for'; ms: number } | Exclude<ViewRange, { kind: 'last' }>;

function readRange(asked: Asked<'range'>, { zoneOf }: ViewRules): Result<AskedRange> {
  if (isText(asked)) return ok({ kind: 'for', ms: durationOf(asked) });
  if ('this' in asked) {
    const zone = readZone(asked.timezone, 'range.timezone', zoneOf);
    return zone.ok ? ok({ kind: 'period', unit: asked.this, zone: zone.value }) : zone;
  }
  const [from, to] = [parseTimestamp(asked.from)!, parseTimestamp(asked.to)!];
  if (from < to) return ok({ kind: 'between', from, to });
  return refuse('invalid_view', `range.to: expected a time after from, got ${shown(asked.to)}.`, 'range.to');
}

function readZone(name = 'UTC', field: string, zoneOf: ViewRules['zoneOf']): Result<Zone> {
  const zone = zoneOf(name);
  if (zone !== null) return ok(zone);
  return refuse(
    'invalid_view',
    `${field}: expected a time zone such as "Europe/Berlin", got ${shown(name)}.`,
    field,
  );
}

/** Returns the length of the range, ms; the longest that a period can have. */
const lengthOf = (range: AskedRange): number =>
  range.kind === 'for' ? range.ms : range.kind === 'between' ? range.to - range.from : LONGEST[range.unit];

function readWindows(
  { window: asked, points = DEFAULT_POINTS }: ViewRequest,
  range: AskedRange,
  { metric, rules }: { metric: ViewedMetric; rules: ViewRules },
): Result<ViewWindows> {
  if (asked === undefined) return ok({ kind: 'grid', size: metric.window, every: metric.window });
  if (asked === 'whole')
    return ok(range.kind === 'for' ? wholeWindow(range.ms, metric.pane) : { kind: 'whole' });
  if (asked === 'auto') {
    const size = autoWindow(lengthOf(range), points, metric.pane);
    return ok({ kind: 'grid', size, every: size });
  }
  if (!isText(asked) && 'calendar' in asked) {
    const zone = readZone(asked.timezone, 'window.timezone', rules.zoneOf);
    return zone.ok ? calendarWindows(asked.calendar, zone.value, { metric, range }) : zone;
  }
  const { size, every } = isText(asked) ? { size: asked, every: asked } : asked;
  const lengths = [durationOf(size), durationOf(every)] as const;
  const odd = lengths.findIndex((length) => length % metric.pane !== 0);
  if (odd < 0) return ok({ kind: 'grid', size: lengths[0], every: lengths[1] });
  const field = isText(asked) ? 'window' : ['window.size', 'window.every'][odd]!;
  return refuse(
    'invalid_view',
    `${field}: expected a multiple of the pane of ${metric.pane} ms, got ${shown(isText(asked) ? asked : [size, every][odd])}.`,
    field,
  );
}

/** Refuses panes that lie across the beginning of a period: the zone's hours may begin at a quarter of ours. */
function calendarWindows(
  unit: CalendarUnit,
  zone: Zone,
  { metric, range }: { metric: ViewedMetric; range: AskedRange },
): Result<ViewWindows> {
  const { pane } = metric;
  // Offsets of long ago concern no one who does not ask for them.
  const since = range.kind === 'between' ? range.from - LONGEST.year : NEW_ENOUGH;
  const offsets = zone.offsets.filter((_, i) => (zone.changes[i] ?? Infinity) > since);
  const step = unit === 'hour' ? HOUR : DAY;
  const odd = offsets.find((offset) => step % pane !== 0 || offset % pane !== 0);
  if (odd === undefined) return ok({ kind: 'calendar', unit, zone });
  const fits = [HOUR, HOUR / 2, HOUR / 4, HOUR / 60, 1_000].find((size) =>
    offsets.every((o) => o % size === 0),
  );
  return refuse(
    'invalid_view',
    `window: the panes of ${formatDuration(pane)} of ${metric.id} do not fit the ${unit}s of ${zone.name}; ` +
      `a metric with panes of ${formatDuration(fits ?? 1_000)} would (pane: ${formatDuration(fits ?? 1_000)}).`,
    'window',
  );
}

/** 2000-01-01. */
const NEW_ENOUGH = 946_684_800_000;

/** Gives a duration as windows, and refuses more of them than a view may have. */
function countWindows(
  windows: ViewWindows,
  range: AskedRange,
  isWhole: boolean,
): Result<Pick<View, 'windows' | 'range'>> {
  const step = stepOf(windows);
  const count = isWhole || step === 0 ? 1 : Math.ceil(lengthOf(range) / step);
  if (count > MAX_WINDOWS) {
    const message = `range: ${count} windows; at most ${MAX_WINDOWS} are allowed. Ask for a longer window, or for window: auto.`;
    return refuse('view_too_large', message, 'range');
  }
  return ok({ windows, range: range.kind === 'for' ? { kind: 'last', windows: count } : range });
}

/** Lengths of calendar windows that a duration counts: days as they are, whatever the clocks do. */
const COUNTED: Partial<Record<CalendarUnit, number>> = { hour: HOUR, day: DAY, week: 7 * DAY };

/** Returns what a duration is a multiple of by which windows may be earlier, ms; undefined where none may. */
export const earlierStep = (windows: ViewWindows, pane: number): number | undefined =>
  windows.kind === 'calendar' ? COUNTED[windows.unit] : pane;

function readCompare(
  asked: Asked<'compare'> | null,
  { windows, range, pane }: Pick<View, 'windows' | 'range'> & { pane: number },
): Result<Compare | null> {
  if (asked === null) return ok(null);
  if (asked === 'previous') return ok({ kind: 'previous' });
  if (!isText(asked)) {
    if (windows.kind === 'calendar' || range.kind !== 'last')
      return ok({ kind: 'calendar', unit: asked.calendar });
    const message =
      'compare: a period of the calendar needs calendar windows, or a range that is no duration.';
    return refuse('invalid_view', `${message} Ask for a duration such as "30d".`, 'compare');
  }
  const ms = durationOf(asked);
  const step = earlierStep(windows, pane);
  if (step !== undefined && ms % step === 0) return ok({ kind: 'earlier', ms });
  const wanted =
    step === undefined ? 'a period such as { calendar: "month" }' : `a multiple of ${formatDuration(step)}`;
  return refuse('invalid_view', `compare: expected ${wanted}, got ${shown(asked)}.`, 'compare');
}

function readTop(
  asked: Asked<'top'> | null,
  groupBy: readonly string[],
  outputs: readonly string[],
): Result<Top | null> {
  if (asked === null) return ok(null);
  if (groupBy.length === 0)
    return refuse('invalid_view', 'top: a view without groupBy has no groups to rank.', 'top');
  const by = asked.by ?? outputs[0]!;
  if (outputs.includes(by)) return ok({ by, limit: asked.limit });
  return refuse(
    'invalid_view',
    `top.by: expected one of ${outputs.join(', ')}, got ${shown(asked.by)}.`,
    'top.by',
  );
}

function resolveGroupBy(wanted: ViewRequest['groupBy'], metric: ViewedMetric): Result<string[]> {
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

/** Reads a filter on the dimensions of a metric. Refused with `not_a_dimension`. */
export function resolveWhere(where: Where | null | undefined, metric: ViewedMetric): Result<View['where']> {
  const filters = filtersOf(where);
  const other = pathsIn(filters).find((path) => !metric.groupBy.includes(path));
  if (other === undefined) return ok(filters);
  return refuse(
    'not_a_dimension',
    `where: ${shown(other)} is not a dimension of ${metric.id}; it has ${shown(metric.groupBy)}. Add it to the metric's groupBy, or define a metric with this filter.`,
    'where',
  );
}
