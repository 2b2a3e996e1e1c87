import type { Metric } from '#contracts/metric/metric.ts';
import type { CalendarUnit } from '#contracts/time/calendar.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { pick, type World } from './history-world.ts';
import { periodHolding } from './local-periods.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type AskedWindow =
  | { kind: 'fixed'; size: number }
  | { kind: 'hopping'; size: number; every: number }
  | { kind: 'calendar'; unit: CalendarUnit; zone: string }
  | { kind: 'whole' }
  | { kind: 'auto'; points: number };

export type AskedRange =
  | { kind: 'relative'; length: number }
  | { kind: 'absolute'; from: number; to: number }
  | { kind: 'period'; unit: CalendarUnit; zone: string };

export const WINDOW_KINDS = ['fixed', 'hopping', 'calendar', 'whole', 'auto'] as const;
export const RANGE_KINDS = ['relative', 'absolute', 'period'] as const;

export interface Asked {
  window: AskedWindow;
  range: AskedRange;
  groupBy: string[];
  where: Record<string, string[]>;
  top: number | null;
  /** Up to where data has come; panes below `cut` are settled, and read from the Store. */
  asOf: number;
  cut: number;
}

/** A view of the kinds that are given; the rest is random. */
export function randomView(
  world: World,
  metric: Metric,
  kinds: { window: AskedWindow['kind']; range: AskedRange['kind'] },
): Asked {
  const { random } = world;
  const window = randomWindow(world, metric, kinds);
  const range = randomRange(world, window, kinds.range);
  const asOf = randomAsOf(world, range);
  const groupBy = metric.groupBy.filter(() => random() < 0.7);
  const texts = ['DE', 'FR', "it's", '__missing__', '__other__', '', 'none'];
  const some = texts.filter(() => random() < 0.4);
  const isFiltered = metric.groupBy.includes('c') && some.length > 0 && random() < 0.4;
  return {
    window,
    range,
    groupBy,
    where: isFiltered ? { c: some } : {},
    top: groupBy.length > 0 && random() < 0.4 ? 1 + Math.floor(random() * 3) : null,
    asOf,
    cut: random() < 0.5 ? Infinity : Math.floor((asOf - random() * HOUR) / metric.pane) * metric.pane,
  };
}

function randomWindow(
  { random, zone }: World,
  { pane }: Metric,
  { window: kind, range }: { window: AskedWindow['kind']; range: AskedRange['kind'] },
): AskedWindow {
  const least = range === 'period' ? 15 * MINUTE : pane;
  const lengths = [pane, 3 * pane, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY];
  const size = pick(
    random,
    lengths.filter((length) => length % pane === 0 && length >= least),
  );
  if (kind === 'fixed') return { kind, size };
  if (kind === 'whole') return { kind };
  if (kind === 'auto') return { kind, points: 2 + Math.floor(random() * 150) };
  if (kind === 'calendar')
    return { kind, unit: pick(random, ['hour', 'hour', 'day', 'day', 'week', 'month']), zone };
  const times = pick(random, [1.5, 2, 3, 5, 40]);
  const longer = Math.ceil(Math.min(size * times, 28 * DAY) / pane) * pane;
  const [a, b] = random() < 0.25 ? [size, longer] : [longer, size];
  return { kind, size: a, every: b };
}

/** ms that a period of a calendar has at most, but for a change of clocks. */
export const LONGEST_PERIODS: Record<CalendarUnit, number> = {
  hour: HOUR,
  day: DAY,
  week: 7 * DAY,
  month: 31 * DAY,
  quarter: 92 * DAY,
  year: 366 * DAY,
};

function stepOf(window: AskedWindow): number {
  if (window.kind === 'fixed') return window.size;
  if (window.kind === 'hopping') return window.every;
  return window.kind === 'calendar' ? LONGEST_PERIODS[window.unit] : HOUR;
}

function randomRange(world: World, window: AskedWindow, kind: AskedRange['kind']): AskedRange {
  const { random, zone } = world;
  const step = stepOf(window);
  if (kind === 'period') {
    const units = (['hour', 'day', 'week', 'month', 'quarter', 'year'] as const).filter(
      (unit) => LONGEST_PERIODS[unit] >= step && LONGEST_PERIODS[unit] / step <= 800,
    );
    return { kind, unit: pick(random, units), zone: random() < 0.85 ? zone : 'UTC' };
  }
  const most = Math.max(1, Math.min(150, Math.floor((40 * DAY) / step)));
  const length = step * (1 + Math.floor(random() * most));
  if (kind === 'relative') return { kind, length };
  const odd = pick(random, [0, 0, 1, MINUTE, 12_345]);
  const from = timeIn(world) - Math.floor((random() * length) / MINUTE) * MINUTE + odd;
  if (random() < 0.35) return { kind, ...atBorders(window, step, { from, length }) };
  return { kind, from, to: from + length + pick(random, [0, 0, 1, 7 * SECOND]) };
}

/** A range that begins and ends where windows do. */
function atBorders(
  window: AskedWindow,
  step: number,
  { from, length }: { from: number; length: number },
): { from: number; to: number } {
  const borderOf = (time: number): number =>
    window.kind === 'calendar'
      ? periodHolding(window.unit, window.zone, time).start
      : Math.floor(time / step) * step;
  return { from: borderOf(from), to: borderOf(from + length + step) };
}

/** At an event or beside it, or at the change of clocks. */
function timeIn({ random, events, center }: World): number {
  const at = random() < 0.2 ? center : pick(random, events).row.ts;
  return at + pick(random, [0, 0, 1, -1, 10 * SECOND]);
}

function randomAsOf(world: World, range: AskedRange): number {
  const { random } = world;
  if (range.kind !== 'absolute') return timeIn(world);
  return random() < 0.6 ? range.to + DAY : Math.floor(range.from + random() * (range.to - range.from));
}

/** As a client sends it. */
export function requestOf({ window, range, groupBy, where, top }: Asked, metric: Metric): ViewRequest {
  return {
    metric: metric.id,
    groupBy,
    where,
    window: windowText(window),
    range: rangeText(range),
    ...(window.kind === 'auto' ? { points: window.points } : {}),
    ...(top === null ? {} : { top: { limit: top } }),
  };
}

const text = (ms: number): string => `${ms / SECOND}s`;

function windowText(window: AskedWindow): NonNullable<ViewRequest['window']> {
  if (window.kind === 'fixed') return text(window.size);
  if (window.kind === 'hopping') return { size: text(window.size), every: text(window.every) };
  return window.kind === 'calendar' ? { calendar: window.unit, timezone: window.zone } : window.kind;
}

function rangeText(range: AskedRange): NonNullable<ViewRequest['range']> {
  if (range.kind === 'relative') return text(range.length);
  if (range.kind === 'period') return { this: range.unit, timezone: range.zone };
  return { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() };
}
