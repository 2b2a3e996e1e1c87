import type { Aggregate } from '#aggregates/aggregate.ts';
import type { State } from '#contracts/metric/state.ts';

/** The live state of one pane and group of one metric in one partition. */
export interface Cell {
  pane: number;
  group: string[];
  state: unknown;
  /** Offset after the last block folded into it: a block below is skipped (rule 1). */
  next: number;
  /** Changed by the block that is being folded. */
  touched: boolean;
  /** Changed since the last acknowledged commit. */
  dirty: boolean;
  /** Changed since it was last taken for publication. */
  changed: boolean;
  /** Publications on their way that hold it. */
  publishing: number;
  /** What it takes in memory, about, as its block left it. */
  bytes: number;
  /** The state as it travels, kept until the next change: publication and flush share it. */
  encoded: State | null;
}

export const createCell = (pane: number, group: string[], state: unknown): Cell => ({
  pane,
  group,
  state,
  next: 0,
  touched: false,
  dirty: false,
  changed: false,
  publishing: 0,
  bytes: 0,
  encoded: null,
});

/** The cell, its place in a Map, and a state of a few numbers, encoded too. */
const CELL_BYTES = 500;

export const weighCell = (cell: Cell, aggregate: Aggregate): number =>
  cell.group.reduce((sum, text) => sum + text.length, CELL_BYTES) + (aggregate.weight?.(cell.state) ?? 0);

export function encodeCell(cell: Cell, aggregate: Aggregate): State {
  cell.encoded ??= aggregate.encode(cell.state);
  return cell.encoded;
}

/** Whether nothing waits for it, so that its final pane may go from memory. */
export const isSettled = (cell: Cell): boolean => !cell.dirty && !cell.changed && cell.publishing === 0;
