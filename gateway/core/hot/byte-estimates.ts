import type { State } from '#contracts/metric/state.ts';

/**
 * What the structures of views cost in memory, as estimates that budgets count by: sizes of maps, objects and arrays as
 * V8 makes them, rounded up. `byte-estimates.test.ts` holds them against a real heap.
 */

/** A pane's cell, beside its key. */
export const CELL_BYTES = 320;
/** A source partition's state in a cell, beside its numbers. */
export const STATE_BYTES = 330;
/** A cell of a view, beside its values. */
export const VIEW_CELL_BYTES = 130;
/** A text that a value belongs to. */
export const NAME_BYTES = 100;
export const SERIES_BYTES = 260;
/** A window of a view; and one that has cells which may still change. */
export const WINDOW_BYTES = 200;
export const OPEN_WINDOW_BYTES = 220;
/** A view without contents, and what its readers' subscription of it costs. */
export const VIEW_BYTES = 4_000;

/** The numbers of a state. */
export const stateBytes = ({ nums, keys, counts }: State): number =>
  8 * (nums.length + keys.length + counts.length);

/** A series of a view, with the texts of its group. */
export const seriesBytes = (key: string): number => SERIES_BYTES + 4 * key.length;
