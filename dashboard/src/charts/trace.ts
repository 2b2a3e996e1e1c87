import type { Ring } from './ring.ts';

/** One line or stack of bars: a group and an output of a view. */
export interface Trace {
  key: string;
  name: string;
  /** Colour slot, 1 to 8; 0 is "other"; null draws in ink. */
  slot: number | null;
  ring: Ring;
}

/** What a plot reads. Times are window numbers: start / window. */
export interface TraceSet {
  /** Length of a window, ms; 0 before the first contents. */
  window: number;
  traces: Trace[];
  /** Whether an empty window means zero (counts, sums), so that an open one holds a part of its value. */
  zero: boolean;
  /** Grows when traces were added, removed or resized: everything must be drawn anew. */
  shape: number;
  /** Windows from `first` are known. */
  first: number;
  /** Windows below `closed` will change only by late events; from there on they are open. */
  closed: number;
  /** The open window with the highest number that holds a value, plus one. */
  end: number;
  /** Lowest window changed since the last `settle`; Infinity when none was. */
  dirty: number;
  /** The value of a window, with what an empty one means filled in; NaN for no value. */
  value(trace: Trace, index: number): number;
  /** Says that everything up to now has been drawn. */
  settle(): void;
}
