import { compileGroupFilter, compileHiding } from '#contracts/filter/group-filter.ts';
import { compilePattern } from '#contracts/filter/match-pattern.ts';
import { groupKey } from '#contracts/metric/dimension.ts';
import type { Metric } from '#contracts/metric/metric.ts';
import type { Member } from '#contracts/view/frame.ts';
import type { View } from '#contracts/view/view.ts';
import { othersGroup, type TopGroups } from './top-groups.ts';

export interface ViewSeries extends Member {
  readonly key: string;
  /** Number of cells in all windows, and in windows of the range. */
  cells: number;
  shown: number;
}

/** Which groups of the metric a view shows, and as which series. */
export interface Projection {
  /** Whether every group is a series of its own, under its own key. */
  whole: boolean;
  /** Whether the view shows a group. */
  matches(group: readonly string[]): boolean;
  /** Whether a group may hold events that the view would show under another name. */
  hides(group: readonly string[]): boolean;
  project(group: readonly string[]): string[];
  /** Returns the key of the series that a matching group belongs to. */
  keyOf(group: readonly string[]): string;
}

/** `top`: the groups that are shown by themselves; `rest`: the others are shown as one. */
export interface ShownGroups {
  top: TopGroups | null;
  rest: boolean;
}

export function createProjection(
  metric: Metric,
  view: View,
  { top, rest }: ShownGroups = { top: null, rest: false },
): Projection {
  const placeOf = (dimension: string) => metric.groupBy.indexOf(dimension);
  const kept = view.groupBy.map(placeOf);
  const admits = compileGroupFilter(view.where, placeOf, compilePattern);
  const own = (group: readonly string[]) => kept.map((i) => group[i]!);
  const project = (group: readonly string[]) => {
    const projected = own(group);
    return top === null || top.has(projected) ? projected : othersGroup(view);
  };
  return {
    whole: top === null && kept.length === metric.groupBy.length,
    matches: (group) => admits(group) && (top === null || rest || top.has(own(group))),
    hides: compileHiding(view, placeOf, compilePattern),
    project,
    keyOf: (group) => groupKey(project(group)),
  };
}
