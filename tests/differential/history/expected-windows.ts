import type { View } from '#contracts/view/view.ts';
import { type Asked, type AskedWindow, LONGEST_PERIODS } from './asked-views.ts';
import { type Period, periodHolding, periodsBetween } from './local-periods.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How many windows of a calendar a duration makes up: on average. */
const MEAN = { hour: HOUR, day: DAY, week: 7 * DAY, month: 30.436875 * DAY, quarter: 0, year: 0 };

/**
 * The windows of a view as the protocol describes them, each as [start, end), from plain arithmetic and from what the runtime
 * says of a zone. `resolved` gives the length of windows where the product chooses it; `checkChosen` judges that choice.
 */
export function naiveWindows(asked: Asked, resolved: View['windows']): Period[] {
  const { window, range, asOf } = asked;
  const grid = gridOf(window, resolved);
  if (range.kind === 'relative') {
    if (window.kind === 'calendar')
      return newestPeriods(window, asOf, Math.ceil(range.length / MEAN[window.unit]));
    const count = window.kind === 'whole' ? 1 : Math.ceil(range.length / grid!.every);
    return newestWindows(grid!, asOf, count);
  }
  const bounds = range.kind === 'absolute' ? [range.from, range.to] : periodBounds(range, asOf);
  const [from, to] = bounds as [number, number];
  if (window.kind === 'whole') return [{ start: from, end: to }];
  if (window.kind === 'calendar')
    return periodsBetween(window.unit, window.zone, from, to).filter(({ start }) => start <= asOf);
  const { size, every } = grid!;
  const first = range.kind === 'period' ? from : Math.floor(from / every) * every;
  const windows: Period[] = [];
  for (let start = first; start < to && start <= asOf; start += every)
    windows.push({ start, end: start + size });
  return windows;
}

interface Grid {
  size: number;
  every: number;
}

function gridOf(window: AskedWindow, resolved: View['windows']): Grid | null {
  if (window.kind === 'fixed') return { size: window.size, every: window.size };
  if (window.kind === 'hopping') return window;
  return resolved.kind === 'grid' ? resolved : null;
}

function periodBounds(
  range: { unit: 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year'; zone: string },
  asOf: number,
): number[] {
  const { start, end } = periodHolding(range.unit, range.zone, asOf);
  return [start, end];
}

/** The last is the oldest that is not over, but none that begins later. */
function newestWindows({ size, every }: Grid, asOf: number, count: number): Period[] {
  let last = Math.floor(asOf / every) * every;
  while (last - every + size > asOf) last -= every;
  return Array.from({ length: count }, (_, i) => {
    const start = last - (count - 1 - i) * every;
    return { start, end: start + size };
  });
}

function newestPeriods(
  { unit, zone }: Extract<AskedWindow, { kind: 'calendar' }>,
  asOf: number,
  count: number,
): Period[] {
  const periods = [periodHolding(unit, zone, asOf)];
  while (periods.length < count) periods.unshift(periodHolding(unit, zone, periods[0]!.start - 1));
  return periods;
}

/** Says what is wrong with windows whose length was left to the product; null: nothing. */
export function checkChosen(
  { window, range }: Asked,
  resolved: View['windows'],
  pane: number,
): string | null {
  if (resolved.kind !== 'grid') return null;
  const { size, every } = resolved;
  if (size % pane !== 0 || every % pane !== 0)
    return `windows of ${size} ms every ${every} of panes of ${pane}`;
  const length =
    range.kind === 'relative'
      ? range.length
      : range.kind === 'absolute'
        ? range.to - range.from
        : LONGEST_PERIODS[range.unit];
  if (window.kind === 'auto' && (size !== every || length / size > window.points))
    return `${length / size} windows of ${size} ms where ${window.points} were asked for`;
  if (window.kind === 'whole' && (size < length || size - length >= every))
    return `one window of ${size} ms over a range of ${length}`;
  return null;
}
