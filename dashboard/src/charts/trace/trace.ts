import type { PanelKind } from '#contracts/board/panel.ts';
import type { Slot } from '../ink/color-slots.ts';
import type { Ring } from './ring.ts';
import type { WindowTimes } from './window-times.ts';

/** One line or stack of bars: a group and an output of a view. */
export interface Trace {
  key: string;
  /** What its colour follows from: the same wherever the same series is drawn. */
  colorKey: string;
  name: string;
  /** Whether it is the sum of groups without a trace of their own. */
  rest: boolean;
  /** Its colour; null draws in ink. */
  slot: Slot | null;
  ring: Ring;
  /** Whether its values are below zero in the main: then it hangs from zero in a stack. */
  hangs?: boolean;
}

/** Assigns colours to what one panel draws; each claim names all of it. */
export interface Palette {
  claim(colorKeys: readonly string[]): Slot[];
}

/** What a plot reads: the traces that are drawn, in drawing order. Times are window numbers. */
export interface TraceSet {
  /** When windows are; their length is 0 before the first contents. */
  times: WindowTimes;
  traces: Trace[];
  /** Whether an empty window means zero (counts, sums), so that an open one holds a part of its value. */
  zero: boolean;
  /** Whether traces are stacked, the first at the bottom. */
  stacked: boolean;
  /** Traces that are neither drawn nor in a sum that is. */
  hidden: number;
  /** Grows when traces were added, removed or resized: everything must be redrawn. */
  shape: number;
  /** Windows from `first` are known. */
  first: number;
  /** Windows below `closed` will change only by late events; from there on they are open. */
  closed: number;
  /** The open window with the highest number that holds a value, plus one. */
  end: number;
  /** From where on history is known, epoch ms: before it an empty window is no zero. Null where nothing is known. */
  begins: number | null;
  /** Lowest window changed since the last `markDrawn`; Infinity when none was. */
  dirty: number;
  /** The value of a window, with what an empty one means filled in; NaN for no value. */
  value(trace: Trace, index: number): number;
  /** Says that everything up to now has been drawn. */
  markDrawn(): void;
}

/** The kinds of panels that are charts over time. */
export type ChartKind = 'line' | 'area' | 'bars';

/** Returns the kind of chart that a panel is; null where it is none. */
export const chartKindOf = (kind: PanelKind): ChartKind | null =>
  kind === 'line' || kind === 'area' || kind === 'bars' ? kind : null;
