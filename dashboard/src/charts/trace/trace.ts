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
  /** Its group, as text: the same in all of its outputs. */
  group: string;
  /** Whether it is the sum of groups without a trace of their own. */
  rest: boolean;
  /** Whether the page itself sums it, of what it leaves out. */
  sums?: boolean;
  /** Its colour; null draws in ink. */
  slot: Slot | null;
  ring: Ring;
  /** Whether its values are below zero in the main: then it hangs from zero in a stack. */
  hangs?: boolean;
}

/** The line of an earlier range beside a trace: its windows have the numbers of those that they are compared with. */
export interface EarlierLine {
  /** What it is of: `prev 15 min`, behind the name of its trace where there are several. */
  name: string;
  /** The same in one word, where there is no room for more: `prev`. */
  short: string;
  /** The colour of its trace; null draws in ink. */
  slot: Slot | null;
  /** The value of the counterpart of a window; NaN for no value. */
  value(index: number): number;
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
  /** What an earlier range had, window by window; empty where none is compared. */
  earlier: readonly EarlierLine[];
  /** How many groups were ranked where only the highest are shown; null where all of them are. */
  ranked: number | null;
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

/** Whether any of a window lies where history is known. */
export const isKnown = ({ begins, times }: Pick<TraceSet, 'begins' | 'times'>, index: number): boolean =>
  begins !== null && times.startOf(index + 1) > begins;

/** The kinds of panels that are charts over time. */
export type ChartKind = 'line' | 'area' | 'bars';

/** Returns the kind of chart that a panel is; null where it is none. */
export const chartKindOf = (kind: PanelKind): ChartKind | null =>
  kind === 'line' || kind === 'area' || kind === 'bars' ? kind : null;
