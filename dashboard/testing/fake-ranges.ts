import { MEAN_LENGTH } from '#contracts/time/calendar.ts';
import type { Zone } from '#contracts/time/zone.ts';
import type { ViewContents } from '#contracts/view/frame.ts';
import { resolveView } from '#contracts/view/resolve-view.ts';
import {
  counterpartOf,
  endOfTimeline,
  startsOf,
  type Timeline,
  timelineOf,
} from '#contracts/view/timeline.ts';
import { stepOf, type View, type ViewInfo } from '#contracts/view/view.ts';
import type { ViewRequest } from '#contracts/view/view-request.ts';
import { endOf } from '#contracts/view/windows.ts';
import type { FakeMetric } from './fake-data.ts';
import { FAKE_METRIC } from './fake-metric.ts';

/** Every zone is that of the browser, as it is now. */
const zoneOf = (name: string): Zone => ({
  name,
  changes: [],
  offsets: [-new Date().getTimezoneOffset() * 60_000],
});

/** Resolves a request as the gateway does; a metric of the fake data has no dimension that a view could not keep. */
export function resolveFake(request: ViewRequest, metric: FakeMetric): View {
  const groupBy = metric.groupBy ?? [];
  const { where, groupBy: asked, ...rest } = request;
  const isKept = asked?.every((name) => groupBy.includes(name)) ?? true;
  const definition = { ...FAKE_METRIC, id: request.metric, window: metric.window, groupBy };
  const resolved = resolveView({ ...rest, ...(isKept && asked ? { groupBy: asked } : {}) }, definition, {
    zoneOf,
    outputs: metric.outputs,
  });
  if (!resolved.ok) throw new Error(`${resolved.fault.message} (${JSON.stringify(request)})`);
  return resolved.value;
}

/** What the gateway says of the windows of a view. */
export function describeFake({
  windows,
  range,
}: View): Pick<ViewInfo, 'window' | 'range'> & Partial<ViewInfo> {
  const step = Math.round(stepOf(windows));
  const between = range.kind === 'between' ? { between: { from: range.from, to: range.to } } : {};
  const length =
    range.kind === 'last'
      ? range.windows * step
      : range.kind === 'between'
        ? range.to - range.from
        : Math.round(MEAN_LENGTH[range.unit]);
  if (windows.kind === 'whole') return { window: length, range: length, whole: true, ...between };
  if (windows.kind === 'calendar')
    return {
      window: step,
      range: length,
      calendar: { unit: windows.unit, timezone: windows.zone.name },
      ...between,
    };
  const { size, every } = windows;
  if (size === every) return { window: size, range: length, ...between };
  const isWhole = range.kind === 'last' && range.windows === 1;
  return { window: size, range: isWhole ? size : length, every, ...(isWhole && { whole: true }), ...between };
}

/** The windows of a view now, and those that they are compared with. */
export interface FakeWindows {
  now: Timeline;
  before: Timeline | null;
}

export function windowsNow(view: View, time: number): FakeWindows {
  const now = timelineOf(view, time - 1);
  return { now, before: view.compare === null ? null : counterpartOf(view, view.compare, now) };
}

/** Start and end of the windows of a timeline. */
export const spansOf = (timeline: Timeline): { start: number; end: number }[] =>
  [...startsOf(timeline)].map((start) => ({ start, end: endOf(timeline.windows, start) }));

/** Sets where the windows of some contents are. */
export function setBounds(contents: ViewContents, timeline: Timeline): void {
  contents.start = timeline.first;
  contents.end = endOfTimeline(timeline);
  contents.bounds =
    timeline.windows.kind === 'calendar' ? [...startsOf(timeline), endOfTimeline(timeline)] : [];
}
