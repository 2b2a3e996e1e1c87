import type { State } from '#contracts/metric/state.ts';
import type { FinalCells } from './final-cells.ts';
import type { ViewSeries } from './view-series.ts';

export interface ViewCell {
  /** Cursor offset as of which it last changed. */
  mark: number;
  /** One value for each output; null until they are computed. */
  values: (number | null)[] | null;
  /** The texts that the first values belong to; absent where they belong to none. */
  names?: readonly string[];
  /** The merge of its panes below the view's cut; null for none, and where the window ends below the cut. */
  base: State | null;
  /** The merge of its base and its panes below `upTo`, valid while that is above the cut; null where there are few panes. */
  warm: { upTo: number; state: State } | null;
}

/** One window of a view; it may still lie beyond the range's end. */
export interface ViewWindow {
  readonly start: number;
  readonly end: number;
  /** Highest mark of anything in it. */
  mark: number;
  /** Where it stands among the changes of its view; null before the first. */
  place: number | null;
  /** Cursor offset as of which the window came into the range; its cells count as changed then. */
  entered: number;
  /** Cursor offset as of which a group last changed in it that hides events from the view; null where none took part. */
  other: number | null;
  /** Oldest receipt of what changed in it before it came into the range, epoch ms. */
  received: number | null;
  /** Empty for most windows, which share one map until their first cell. */
  cells: Map<ViewSeries, ViewCell>;
  /** Of a window below the cut: values only, in place of `cells`. */
  final: FinalCells | null;
}

/** Never written to. */
export const NO_CELLS = new Map<ViewSeries, ViewCell>();

export const createWindow = (start: number, end: number): ViewWindow => ({
  start,
  end,
  mark: -1,
  place: null,
  entered: -1,
  other: null,
  received: null,
  cells: NO_CELLS,
  final: null,
});

/** How far the contents of a view are. */
interface Position {
  readonly asOf: number | null;
  readonly watermark: number | null;
  readonly cut: number;
}

/** A rate over less time would show single events. */
const LEAST_ELAPSED_MS = 1_000;

/**
 * Returns how much of a window has passed, ms: all of it once it is closed, else up to `asOf`, to which the contents are complete.
 * So it is a function of the updates, as the contents are.
 */
export function elapsedOf(
  { asOf, watermark, cut }: Position,
  { start, end }: Pick<ViewWindow, 'start' | 'end'>,
): number {
  const size = end - start;
  const now = asOf ?? watermark;
  if (now === null || end <= cut || (watermark !== null && end <= watermark)) return size;
  return Math.min(size, Math.max(now - start, LEAST_ELAPSED_MS));
}
