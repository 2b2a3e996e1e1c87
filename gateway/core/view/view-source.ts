import { type View, viewText } from '#contracts/view/view.ts';
import type { LiveView } from './live-view.ts';
import { TopGroups } from './top-groups.ts';
import { createProjection } from './view-series.ts';
import type { ValueSource } from './window-values.ts';

/** The key of an open view: no two have the same. */
export const keyOf = (request: View, version: number): string => `${version} ${viewText(request)}`;

/** What a view's values are computed from, and which groups it shows by themselves. */
export function sourceOf(
  request: View,
  of: Omit<ValueSource, 'projection'>,
): Pick<LiveView, 'source' | 'top'> {
  const top = request.top === null ? null : new TopGroups(request.top);
  const rest = of.aggregate.adds !== 'nothing';
  return { source: { ...of, projection: createProjection(of.metric, request, { top, rest }) }, top };
}
