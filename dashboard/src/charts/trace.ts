import type { Slot } from './color-slots.ts';
import type { Ring } from './ring.ts';

/** One line or stack of bars: a group and an output of a view. */
export interface Trace {
  key: string;
  name: string;
  /** Its colour; null draws in ink. */
  slot: Slot | null;
  ring: Ring;
}

/** Gives colours to the traces of one panel; `index` is the trace's place in it. */
export interface Palette {
  claim(key: string, index: number): Slot;
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
