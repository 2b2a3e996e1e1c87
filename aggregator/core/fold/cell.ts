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
  /** Changed since it was last published. */
  changed: boolean;
  /** Publications under way that contain it. */
  publishing: number;
  /** Approximate bytes in memory, as of its last block. */
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

/** Whether it is stored and published, so that a final pane can leave memory. */
const isSettled = (cell: Cell): boolean => !cell.dirty && !cell.changed && cell.publishing === 0;

/** The groups of one pane of a metric in one partition. */
export interface Pane {
  cells: Map<string, Cell>;
  /** Groups that have a place of their own, in memory or not, by level (rule 6); level 0 takes none. */
  named: number[];
  /** Some of its cells are in the Store alone. */
  cold: boolean;
}

export const createPane = (dimensions: number): Pane => ({
  cells: new Map(),
  named: new Array<number>(dimensions + 1).fill(0),
  cold: false,
});

/** Drops at most `most` cells that are stored and published; returns their number and bytes. */
export function dropSettled(cells: Map<string, Cell>, most: number): { count: number; bytes: number } {
  let count = 0;
  let bytes = 0;
  for (const [key, cell] of cells) {
    if (count >= most) break;
    if (!isSettled(cell)) continue;
    cells.delete(key);
    count++;
    bytes += cell.bytes;
  }
  return { count, bytes };
}
