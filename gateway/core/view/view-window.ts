import type { State } from '#contracts/metric/state.ts';
import type { ViewSeries } from './view-series.ts';

export interface ViewCell {
  /** Cursor offset as of which it last changed. */
  mark: number;
  /** One value an output; null until they are asked for. */
  values: (number | null)[] | null;
  /** The merge of its panes below the view's cut; null for none, and where the window has ended below the cut. */
  base: State | null;
  /** The merge of its base and of its panes below `upTo`, which lies above the cut or else counts no more; null where few panes are. */
  warm: { upTo: number; state: State } | null;
}

/** One window of a view; it may still lie beyond the range's end. */
export interface ViewWindow {
  readonly start: number;
  /** Highest mark of anything in it. */
  mark: number;
  /** Cursor offset as of which the window came into the range; its cells count as changed then. */
  entered: number;
  /** Cursor offset as of which `__other__` last changed in it; null where it took no part. */
  other: number | null;
  /** Oldest receipt of what changed in it before it came into the range, epoch ms. */
  received: number | null;
  cells: Map<ViewSeries, ViewCell>;
}

export const createWindow = (start: number): ViewWindow => ({
  start,
  mark: -1,
  entered: -1,
  other: null,
  received: null,
  cells: new Map(),
});
