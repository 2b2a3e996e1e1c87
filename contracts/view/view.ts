import type { Filter } from '../filter/filter.ts';
import { formatWhere } from '../filter/where.ts';
import { formatDuration } from '../text/duration.ts';
import { type CalendarUnit, MEAN_LENGTH } from '../time/calendar.ts';
import { isoTime } from '../time/civil-date.ts';
import type { Zone } from '../time/zone.ts';
import type { ViewRequest } from './view-request.ts';
import type { CalendarWindows } from './windows.ts';

/** Windows of `size` ms, one every `every` ms. */
interface EvenWindows {
  readonly kind: 'grid';
  readonly size: number;
  readonly every: number;
}

export type ViewWindows = EvenWindows | CalendarWindows | { readonly kind: 'whole' };

/** `last`: the newest windows. `between`: epoch ms. `period`: the calendar period that the newest data is of. */
export type ViewRange =
  | { readonly kind: 'last'; readonly windows: number }
  | { readonly kind: 'between'; readonly from: number; readonly to: number }
  | { readonly kind: 'period'; readonly unit: CalendarUnit; readonly zone: Zone };

/** Which earlier range is shown beside. `ms`: that much earlier; `unit`: a period of the calendar earlier. */
export type Compare =
  | { readonly kind: 'previous' }
  | { readonly kind: 'earlier'; readonly ms: number }
  | { readonly kind: 'calendar'; readonly unit: CalendarUnit };

/** The groups with the highest values over the range. `by`: name of an output. */
export interface Top {
  readonly by: string;
  readonly limit: number;
}

/** A view in canonical form: equal requests give equal views and one shared id. */
export interface View {
  metric: string;
  /** Over dimensions; all must hold. In normal form. */
  where: Filter[];
  /** In the metric's declared order. */
  groupBy: string[];
  windows: ViewWindows;
  range: ViewRange;
  compare: Compare | null;
  top: Top | null;
}

/** The canonical text of a view: its identity. */
export const viewText = ({ metric, where, groupBy, windows, range, compare, top }: View): string =>
  JSON.stringify([metric, where, groupBy, windowsText(windows), rangeText(range), compare, top]);

function windowsText(windows: ViewWindows): unknown {
  if (windows.kind === 'grid')
    return windows.size === windows.every ? windows.size : [windows.size, windows.every];
  return windows.kind === 'whole' ? 'whole' : [windows.unit, windows.zone.name];
}

function rangeText(range: ViewRange): unknown {
  if (range.kind === 'last') return range.windows;
  return range.kind === 'between' ? [range.from, range.to] : [range.unit, range.zone.name];
}

/** Returns a request that is resolved to the view again. */
export function requestOf(view: View): ViewRequest {
  const { metric, where, groupBy, windows, range, compare, top } = view;
  return {
    metric,
    where: formatWhere(where),
    groupBy,
    window: requestedWindow(windows),
    range: requestedRange(range, windows),
    compare: compare === null ? null : requestedCompare(compare),
    top: top === null ? null : { ...top },
  };
}

function requestedWindow(windows: ViewWindows): NonNullable<ViewRequest['window']> {
  if (windows.kind === 'whole') return 'whole';
  if (windows.kind === 'calendar') return { calendar: windows.unit, timezone: windows.zone.name };
  const [size, every] = [formatDuration(windows.size), formatDuration(windows.every)];
  return size === every ? size : { size, every };
}

function requestedRange(range: ViewRange, windows: ViewWindows): NonNullable<ViewRequest['range']> {
  if (range.kind === 'between') return { from: isoTime(range.from), to: isoTime(range.to) };
  if (range.kind === 'period') return { this: range.unit, timezone: range.zone.name };
  return formatDuration(Math.floor(range.windows * stepOf(windows)));
}

function requestedCompare(compare: Compare): NonNullable<ViewRequest['compare']> {
  if (compare.kind === 'previous') return 'previous';
  return compare.kind === 'earlier' ? formatDuration(compare.ms) : { calendar: compare.unit };
}

/** Returns the time from one window to the next, ms; a mean for periods of a calendar, 0 for one window over all. */
export function stepOf(windows: ViewWindows): number {
  if (windows.kind === 'whole') return 0;
  return windows.kind === 'grid' ? windows.every : MEAN_LENGTH[windows.unit];
}

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
  /** So many of the first outputs belong to a text, which frames carry as `names`; absent for none. */
  named?: number;
  /** What a window without a cell means: zero, or no value. */
  empty: 'zero' | 'none';
  /** Over what values may be added: over windows and groups (a count), over the groups of one window (a rate), or over nothing (a quantile). */
  adds: 'windows' | 'groups' | 'nothing';
  groupBy: string[];
  /** Length of a window and of the range, ms: the mean where periods of a calendar differ. */
  window: number;
  range: number;
  /** Time from the start of one window to the next, where they overlap or leave gaps, ms. */
  every?: number;
  /** The periods that the windows are, and of which zone. */
  calendar?: { unit: CalendarUnit; timezone: string };
  /** The one window is all of the range. */
  whole?: true;
  /** Where the range stands still, epoch ms. */
  between?: { from: number; to: number };
  /** Frames carry an earlier range beside. */
  compare?: true;
  /** The groups are those with the highest values of this output. */
  top?: { by: string; limit: number };
  pane: number;
  /** Event names the metric counts; null for every event. For empty panels that teach. */
  events: string[] | null;
}
