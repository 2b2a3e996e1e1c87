import { floorTo } from '#contracts/metric/pane.ts';
import type { ViewContents } from '#contracts/view/frame.ts';
import {
  counterpartOf,
  endOfTimeline,
  startsOf,
  type Timeline,
  timelineOf,
} from '#contracts/view/timeline.ts';
import type { View } from '#contracts/view/view.ts';
import { endOf } from '#contracts/view/windows.ts';
import { judgeHiding } from '#platform/store/testing/naive-group-filter.ts';
import { OTHERS } from '../view/top-groups.ts';
import { metric, type World } from './hub-world.ts';

export interface Contents {
  members: string[];
  cells: Record<string, number>;
  /** Starts of windows in which events are hidden from it. */
  partial: number[];
  earlier?: Contents;
}

/** What a view must hold after all updates, computed from nothing but the folded states. */
export function expected(world: World, view: View): Contents {
  const timeline = timelineOf(view, world.clock);
  const shown = highest(world, view, timeline);
  const now = sums(world, view, { timeline, until: Number.POSITIVE_INFINITY, shown });
  if (view.compare === null) return now;
  const before = counterpartOf(view, view.compare, timeline);
  const [size, other] = [timeline, before].map(({ windows, last }) => endOf(windows, last) - last) as [
    number,
    number,
  ];
  const elapsed = Math.max(0, floorTo(world.clock - timeline.last, metric.pane));
  const until = elapsed >= size ? before.last + other : before.last + Math.min(elapsed, other);
  return { ...now, earlier: sums(world, view, { timeline: before, until, shown }) };
}

/** Returns which series a group is shown as; null for none. */
type Shown = (group: readonly string[]) => string | null;

function sums(
  world: World,
  view: View,
  { timeline, until, shown }: { timeline: Timeline; until: number; shown: Shown },
): Contents {
  const cells: Record<string, number> = {};
  // What is not grouped is one series, whatever happened.
  const members = new Set<string>(view.groupBy.length === 0 ? ['[]'] : []);
  const partial = new Set<number>();
  for (const { pane, group, state } of world.cells.values()) {
    const series = shown(group);
    if (pane >= until) continue;
    const textOf = (dimension: string) => group[metric.groupBy.indexOf(dimension)]!;
    // Most groups have all their names.
    const isHiding = group.includes('__other__') && judgeHiding(view, textOf);
    for (const window of startsOf(timeline)) {
      if (pane < window || pane >= endOf(timeline.windows, window)) continue;
      if (isHiding) partial.add(window);
      if (series === null) continue;
      members.add(series);
      const key = `${window} ${series}`;
      cells[key] = (cells[key] ?? 0) + state.counts[0]!;
    }
  }
  return { members: [...members].sort(), cells, partial: [...partial].sort() };
}

function highest(world: World, view: View, timeline: Timeline): Shown {
  const own: Shown = (group) => {
    const named = Object.fromEntries(metric.groupBy.map((d, i) => [d, group[i]!]));
    if (!view.where.every((w) => w.op === 'in' && w.values.includes(named[w.path]!))) return null;
    return JSON.stringify(view.groupBy.map((d) => named[d]));
  };
  if (view.top === null) return own;
  const [start, end] = [timeline.first, endOfTimeline(timeline)];
  const totals = new Map<string, number>();
  for (const { pane, group, state } of world.stored.values()) {
    const series = own(group);
    if (series === null || series.includes('__other__') || pane < start || pane >= end) continue;
    totals.set(series, (totals.get(series) ?? 0) + state.counts[0]!);
  }
  const ranked = [...totals].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, view.top.limit);
  const named = new Set(ranked.map(([series]) => series));
  const others = JSON.stringify(view.groupBy.map(() => OTHERS));
  return (group) => {
    const series = own(group);
    return series === null || named.has(series) ? series : others;
  };
}

export function held(contents: ViewContents): Contents {
  const cells: Record<string, number> = {};
  for (const { group, cells: values } of contents.series.values()) {
    for (const [window, [value]] of values) cells[`${window} ${JSON.stringify(group)}`] = value!;
  }
  const members = [...contents.series.values()].map((s) => JSON.stringify(s.group)).sort();
  const { compare } = contents;
  const own = { members, cells, partial: [...contents.partial].sort() };
  return compare === null ? own : { ...own, earlier: held(compare) };
}
