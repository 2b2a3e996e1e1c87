import type { Aggregate } from '#aggregates/aggregate.ts';
import type { State } from '#contracts/state.ts';

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
  encoded: null,
});

export function encodeCell(cell: Cell, aggregate: Aggregate): State {
  cell.encoded ??= aggregate.encode(cell.state);
  return cell.encoded;
}

/** Whether nothing waits for it, so that its final pane may go from memory. */
export const isSettled = (cell: Cell): boolean => !cell.dirty && !cell.changed && cell.publishing === 0;
