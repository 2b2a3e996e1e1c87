import type { HotCell } from '../hot/hot-cell.ts';
import type { Projection } from './view-series.ts';

/** Which cell of the metric has changed. */
export type CellPlace = Pick<HotCell, 'pane' | 'group'>;

/** What has changed in a window: `group` is the view's; null where it only hides events. */
export interface Touched {
  group: string[] | null;
  other: boolean;
  pane: number;
  mark: number;
  received: number | null;
}

/** Returns what a cell of the metric changes in a view; null for nothing. */
export function touchedBy(
  { pane, group }: CellPlace,
  projection: Projection,
): Pick<Touched, 'pane' | 'group' | 'other'> | null {
  const other = projection.hides(group);
  if (projection.matches(group)) return { pane, group: projection.project(group), other };
  return other ? { pane, group: null, other } : null;
}
